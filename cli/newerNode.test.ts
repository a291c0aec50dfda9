import { realpathSync } from 'node:fs';
import path from 'node:path';
import { broughtNode, chooseNode } from './newerNode';

test.each(['22.9.0', '22.13.1', '23.0.0', '24.21.0'])('Node %s runs the command itself, and none is looked for', (version) => {
  const findOther = jest.fn(() => '/elsewhere/node');
  expect(chooseNode(version, findOther)).toEqual({ kind: 'this' });
  expect(findOther).not.toHaveBeenCalled();
});

test.each(['20.20.2', '18.0.0', '22.8.0'])('Node %s hands it to the Node that the project brings along', (version) => {
  expect(chooseNode(version, () => '/elsewhere/node')).toEqual({ kind: 'other', program: '/elsewhere/node' });
});

test('without another Node a person is told which one is needed', () => {
  const choice = chooseNode('20.20.2', () => undefined);
  expect(choice.kind === 'none' && choice.message).toMatch(/needs Node 22\.9 or newer, 24 is best; this is Node 20\.20\.2/);
});

test('a clone brings its Node along; a folder outside of it does not', () => {
  expect(broughtNode(__filename)).toBe(realpathSync('node_modules/node/bin/node'));
  expect(broughtNode(path.join(path.parse(__dirname).root, 'nowhere', 'bellwether.js'))).toBeUndefined();
});
