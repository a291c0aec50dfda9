import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { defineNode, defineSourceTrigger, defineWebhookTrigger } from '../definition';
import { field } from '../field';
import { describeAction, describeSourceTrigger, describeTrigger } from './description';
import { leaseFor } from './runtimeLease';

const action = defineNode({
  type: 'sampleAction', title: 'Sample Action', description: 'Shows what follows from a definition', version: 1,
  outputs: [{ port: 'done', label: 'Done' }, { port: 'refused', label: 'Refused' }], refusalPort: 'refused', connections: ['account', 'alertChannel'],
  subtitleParams: ['mode', 'symbol', 'percent'],
  params: z.object({
    mode: z.enum(['one', 'many']).default('one').register(field, { label: 'Mode', options: { one: 'One', many: 'Many' }, help: 'One or many.' }),
    symbol: z.string().optional().register(field, { label: 'Symbol', placeholder: 'SBIN', showWhen: { mode: ['one'] } }),
    percent: z.number().max(100).default(2.5).register(field, { label: 'Percent', unit: '%', section: 'Sizing', showWhen: { mode: ['one'] } }),
    legs: z.array(z.object({ lots: z.int().min(1).default(1).register(field, { label: 'Lots' }) })).default([]).register(field, { label: 'Legs', showWhen: { mode: ['many'] } }),
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

/** `UPDATE_GOLDEN=1` writes the golden files anew. */
test.each([['action', describeAction(action)], ['trigger', describeTrigger(trigger, 'token-of-the-installation')], ['source', describeSourceTrigger(source)]])('the %s keeps its golden description', (name, description) => {
  const file = path.join(__dirname, 'golden', `${name}.json`);
  const json = `${JSON.stringify(description, undefined, 2)}\n`;
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, json);
  expect(json).toBe(readFileSync(file, 'utf8'));
});

test('a trigger\'s webhook holds no expression, which would cost every call an engine', () => {
  expect(JSON.stringify(describeTrigger(trigger, 'token').webhooks)).not.toContain('={{');
});

describe('queue mode', () => {
  const before = process.env['EXECUTIONS_MODE'];
  afterEach(() => {
    if (before === undefined) delete process.env['EXECUTIONS_MODE'];
    else process.env['EXECUTIONS_MODE'] = before;
  });

  test('is refused by name, because the embedded store lives on one machine', async () => {
    process.env['EXECUTIONS_MODE'] = 'queue';
    const node = { id: '1', name: 'Place Order', type: 'placeOrder', typeVersion: 1, position: [0, 0] as [number, number], parameters: {} };
    await expect(leaseFor(node)).rejects.toThrow('does not work in n8n’s queue mode');
  });
});
