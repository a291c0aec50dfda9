import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Script } from 'node:vm';
import { z } from 'zod';
import { defineNode, defineSourceTrigger, defineWebhookTrigger } from '../definition';
import { field } from '../field';
import { defineConfig } from './config';
import { nodeRedHtml } from './html';

/** One of every control. `UPDATE_GOLDEN=1` writes the golden files anew. */
const sample = defineNode({
  type: 'sampleAction', title: 'Sample Action', description: 'Shows every control', version: 1,
  outputs: [{ port: 'done', label: 'Done' }, { port: 'refused', label: 'Refused' }], refusalPort: 'refused', connections: ['account', 'alertChannel'],
  params: z.object({
    mode: z.enum(['one', 'many']).default('one').register(field, { label: 'Mode', options: { one: 'One', many: 'Many' }, help: 'One or many.' }),
    symbol: z.string().optional().register(field, { label: 'Symbol', placeholder: 'SBIN', help: 'Less < than "this" & that.' }),
    action: z.enum(['BUY', 'SELL']).optional().register(field, { label: 'Action' }),
    quantity: z.int().min(1).max(100).register(field, { label: 'Quantity', unit: 'units', showWhen: { mode: ['one'] } }),
    percent: z.number().default(2.5).register(field, { label: 'Percent', unit: '%', section: 'Sizing' }),
    careful: z.boolean().default(true).register(field, { label: 'Careful', help: 'Whether to look twice.', section: 'Sizing' }),
    days: z.array(z.enum(['mon', 'tue'])).default(['mon']).register(field, { label: 'Days', options: { mon: 'Monday', tue: 'Tuesday' } }),
    legs: z.array(z.object({ symbol: z.string().register(field, { label: 'Symbol' }), lots: z.int().default(1).register(field, { label: 'Lots' }) })).default([])
      .register(field, { label: 'Legs', showWhen: { mode: ['many'] } }),
    code: z.string().optional().register(field, { label: 'Code', control: 'code' }),
  }),
  reads: z.object({}),
  needs: () => ({}),
  decide: () => ({ kind: 'emit', emissions: [] }),
  conclude: () => ({ kind: 'emit', emissions: [] }),
});

const trigger = defineWebhookTrigger({
  type: 'sampleTrigger', title: 'Sample Trigger', description: 'Listens', version: 1, outputs: [{ port: 'signal', label: 'Signal' }], connections: ['webhookSecret'],
  params: z.object({}), secretIn: () => undefined, urlAuthenticates: false, interpret: () => ({ ok: true, value: { signals: [], refused: [] } }),
});

const source = defineSourceTrigger({
  type: 'sampleSource', title: 'Sample Source', description: 'Watches', version: 1, outputs: [{ port: 'signal', label: 'Signal' }], connections: [], subtitleParams: ['minutes'],
  params: z.object({ minutes: z.int().min(1).default(5).register(field, { label: 'Minutes', unit: 'min' }) }), start: () => ({ ok: true, value: undefined }),
});

const config = defineConfig({
  type: 'bellwetherSample', title: 'Sample Config', description: 'Holds a key', version: 1,
  params: z.object({ accountId: z.string().default('one').register(field, { label: 'Id' }), apiToken: z.string().optional().register(field, { label: 'Token', control: 'secret' }) }),
});

const cases = [['action', sample], ['trigger', trigger], ['source', source], ['config', config]] as const;

test.each(cases)('the %s keeps its golden form', (name, definition) => {
  const file = path.join(__dirname, 'golden', `${name}.html`);
  const html = nodeRedHtml(definition, { help: 'First paragraph.\n\n### Details\n' });
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, html);
  expect(html).toBe(readFileSync(file, 'utf8'));
});

test.each(cases)('every script of the %s parses', (_name, definition) => {
  const html = nodeRedHtml(definition, { help: '' });
  const scripts = [...html.matchAll(/<script type="text\/javascript">([^]*?)<\/script>/g)].map((match) => match[1] ?? '');
  expect(scripts).toHaveLength(2);
  for (const script of scripts) expect(() => new Script(script)).not.toThrow();
});

test('no colour is fixed except the node\'s own', () => {
  const html = nodeRedHtml(sample, { help: '' });
  expect(html.match(/#[0-9a-f]{3,8}\b/gi)).toEqual(['#8aa0bd']);
});

test('a text from a definition can not end the script it stands in', () => {
  const hostile = { ...sample, title: '</script><script>alert(1)' };
  expect(nodeRedHtml(hostile, { help: '' }).match(/<\/script>/g)).toHaveLength(4);
});

test('a parameter with a name that Node-RED uses itself is a bug', () => {
  const clashing = { ...config, params: z.object({ id: z.string().register(field, { label: 'Id' }) }) };
  expect(() => nodeRedHtml(clashing, { help: '' })).toThrow('Parameter id of bellwetherSample');
});
