import { broughtNode, chooseNode, runOn } from './newerNode';

/** The command itself is loaded by a Node that it runs on, and by no other. */
const choice = chooseNode(process.versions.node, () => broughtNode(__filename));
switch (choice.kind) {
  case 'this':
    void import('./command');
    break;
  case 'other':
    runOn(choice.program, process.argv.slice(1));
    break;
  case 'none':
    process.stderr.write(`bellwether: ${choice.message}\n`);
    process.exitCode = 1;
    break;
}
