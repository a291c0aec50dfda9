import { z } from 'zod';
import { deny, ok, type Outcome } from '../../../../domain/denial';
import type { Doing } from '../doing';
import { translateChange } from './change';
import { LANE_B, onlyNodeRed, type RedTranslator, type SavedRedNode, type Surroundings, type Translation } from './saved';
import { translateSwitch } from './switch';

/** Hands a message on. */
function passing(doing: Doing): Translation {
  return { doing, inputs: 1, outputs: ['0'], run: ({ inputs }) => ok((inputs[0] ?? []).map((carried) => ({ port: '0', carried }))) };
}

const Inject = z.looseObject({ name: z.string().default(''), repeat: z.union([z.string(), z.number()]).default(''), crontab: z.string().default(''), once: z.boolean().default(false) });

const inject: RedTranslator = (node) => {
  const { name, repeat, crontab, once } = Inject.parse(node);
  if (Number(repeat) > 0 || crontab !== '') return onlyNodeRed('An Inject that repeats', 'Use Cron Market Hours of Bellwether: it knows the sessions.');
  if (once) return onlyNodeRed('An Inject that fires at the start', 'Switch off "Inject once after", or use a trigger of Bellwether.');
  return ok(passing({ kind: 'start', label: name }));
};

const linkOut: RedTranslator = ({ mode }) => (mode === 'return' ? onlyNodeRed('A link that returns to its call') : ok(passing({ kind: 'pass', link: 'out' })));

const Catch = z.looseObject({ scope: z.union([z.array(z.string()), z.literal('group'), z.null()]).default(null), uncaught: z.boolean().default(false) });

const errors: RedTranslator = (node, { tab, group }) => {
  const { scope, uncaught } = Catch.parse(node);
  const nodes = scope === 'group' ? group ?? tab : scope ?? tab;
  return ok(passing({ kind: 'errors', nodes, uncaughtOnly: uncaught }));
};

const KNOWN: Readonly<Record<string, RedTranslator>> = {
  switch: translateSwitch,
  change: translateChange,
  inject,
  'link in': () => ok(passing({ kind: 'pass', link: 'in' })),
  'link out': linkOut,
  junction: () => ok(passing({ kind: 'pass' })),
  debug: () => ok({ doing: { kind: 'look' }, inputs: 1, outputs: [], run: () => ok([]) }),
  catch: errors,
};

/** A foreign node of Node-RED by our reading of it, or why it is left to Node-RED itself. */
export function translateNodeRed(node: SavedRedNode, surroundings: Surroundings): Outcome<Translation> {
  const translate = Object.hasOwn(KNOWN, node.type) ? KNOWN[node.type] : undefined;
  return translate === undefined ? deny('NOT_SUPPORTED', `${node.type} can not be translated.`, { remedy: LANE_B }) : translate(node, surroundings);
}
