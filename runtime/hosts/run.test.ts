import { z } from 'zod';
import { tradingWorld, type TradingWorld } from '../../tests/doubles/tradingWorld';
import type { Envelope } from '../domain/envelope';
import type { Command, NodeContext } from '../domain/nodeContext';
import { Action } from '../domain/order';
import { defineNode, type ActionDefinition, type Step } from './definition';
import { runNode } from './run';

let world: TradingWorld;
let calls: unknown[];
let context: NodeContext;
beforeEach(async () => {
  world = await tradingWorld();
  calls = [];
  const inner = world.context();
  context = {
    now: () => inner.now(),
    fetch(needs) {
      calls.push(needs);
      return inner.fetch(needs);
    },
    perform(commands) {
      calls.push(commands);
      return inner.perform(commands);
    },
  };
});
afterEach(() => world.close());

interface Behaviour {
  readonly step: (item: Envelope) => Step<'out' | 'no'>;
  readonly refusalPort?: 'no';
  readonly ignoresItem?: () => boolean;
}

/** A node that reads an action and a quantity, asks who it is, and does what it is told. */
function probe({ step, ...more }: Behaviour): ActionDefinition {
  return defineNode({
    type: 'probe', title: 'Probe', description: 'Test.', version: 1, outputs: [{ port: 'out', label: 'Out' }, { port: 'no', label: 'No' }], connections: [],
    params: z.object({ quantity: z.number().optional() }),
    reads: z.object({ action: Action.optional(), quantity: z.number().optional() }),
    needs: () => ({ me: { kind: 'identity' } }),
    decide: (_params, item, { me }) => step({ ...item, me: me.nodeKey }),
    conclude: (_params, item, results, { me }) => ({ kind: 'emit', emissions: [{ port: 'out', item: { ...item, results: results.map(({ kind }) => kind), me: me.nodeKey } }] }),
    ...more,
  });
}

const DENIAL = { code: 'NO_SIZE', message: 'No.' } as const;
const pass: Behaviour = { step: (item) => ({ kind: 'emit', emissions: [{ port: 'out', item }] }) };
const refuse: Behaviour = { step: () => ({ kind: 'refuse', denial: DENIAL }) };
const COMMANDS: readonly Command[] = [{ kind: 'rearm' }, { kind: 'releaseLock', name: 'account' }];

test('a node that only emits asks for nothing to be done; unknown keys pass', async () => {
  expect(await runNode(probe(pass), {}, { action: 'BUY', note: 'mine' }, context)).toEqual({ kind: 'emitted', emissions: [{ port: 'out', item: { action: 'BUY', note: 'mine', me: 'node' } }] });
  expect(calls).toEqual([{ me: { kind: 'identity' } }]);
});

test('commands are carried out between deciding and concluding, which sees the data again', async () => {
  const result = await runNode(probe({ step: () => ({ kind: 'perform', commands: COMMANDS }) }), {}, { note: 'mine' }, context);
  expect(result).toEqual({ kind: 'emitted', emissions: [{ port: 'out', item: { note: 'mine', results: ['rearm', 'releaseLock'], me: 'node' } }] });
  expect(calls).toEqual([{ me: { kind: 'identity' } }, COMMANDS]);
});

test('a refusal leaves through the refusal port with the item as it came, or is raised where there is none', async () => {
  const item: Envelope = { action: 'BUY', note: 'mine' };
  expect(await runNode(probe({ ...refuse, refusalPort: 'no' }), {}, item, context)).toEqual({ kind: 'emitted', emissions: [{ port: 'no', item: { ...item, denial: DENIAL } }] });
  expect(await runNode(probe(refuse), {}, item, context)).toEqual({ kind: 'raised', denial: DENIAL });
});

describe('a field of the item that is not valid', () => {
  const item: Record<string, unknown> = { action: 'long', quantity: 'ten', note: 'mine' };

  test('is refused by its name before anything is fetched', async () => {
    expect(await runNode(probe(pass), {}, item, context)).toMatchObject({ kind: 'raised', denial: { code: 'INVALID_FIELD', field: 'action', remedy: expect.stringContaining('action') as string } });
    expect(await runNode(probe({ ...pass, refusalPort: 'no' }), {}, item, context)).toMatchObject({ kind: 'emitted', emissions: [{ port: 'no', item: { ...item, denial: { code: 'INVALID_FIELD' } } }] });
    expect(calls).toEqual([]);
  });

  test('is not looked at where the parameter of its name is set', async () => {
    expect(await runNode(probe(pass), { quantity: 5 }, { action: 'BUY', quantity: Number.NaN }, context)).toEqual({ kind: 'emitted', emissions: [{ port: 'out', item: { action: 'BUY', me: 'node' } }] });
    expect(await runNode(probe(pass), { quantity: 5 }, item, context)).toMatchObject({ kind: 'raised', denial: { field: 'action' } });
  });

  test('does not stop a node that ignores its item; what is valid passes', async () => {
    expect(await runNode(probe({ ...pass, ignoresItem: () => true }), {}, { ...item, quantity: 3 }, context)).toEqual({ kind: 'emitted', emissions: [{ port: 'out', item: { quantity: 3, note: 'mine', me: 'node' } }] });
  });
});

test('what breaks is an error, never a result', async () => {
  jest.spyOn(world.runtime.store, 'rearm').mockRejectedValue(new Error('disk full'));
  await expect(runNode(probe({ step: () => ({ kind: 'perform', commands: COMMANDS }) }), {}, {}, context)).rejects.toThrow('disk full');
});
