import { deny, ok, type Outcome } from '../../../../domain/denial';
import { translateFilter, translateIf, translateSwitch } from './choose';
import { translateEditFields } from './editFields';
import { translateMerge } from './merge';
import { notTranslated, type N8nTranslator, type SavedN8nNode, type Translation } from './saved';

interface Known {
  readonly translate: N8nTranslator;
  /** The first version of the node that is read, and the one from which on nothing is known. */
  readonly from: number;
  readonly below: number;
}

const pass: N8nTranslator = () => ok({ doing: { kind: 'pass' }, inputs: 1, outputs: ['main'], run: ({ inputs }) => ok((inputs[0] ?? []).map((carried) => ({ port: 'main', carried }))) });
const start: N8nTranslator = () => ok({ doing: { kind: 'start', label: '' }, inputs: 1, outputs: ['main'], run: ({ inputs }) => ok((inputs[0] ?? []).map((carried) => ({ port: 'main', carried }))) });

const KNOWN: Readonly<Record<string, Known>> = {
  if: { translate: translateIf, from: 2, below: 3 },
  filter: { translate: translateFilter, from: 2, below: 3 },
  switch: { translate: translateSwitch, from: 3, below: 4 },
  set: { translate: translateEditFields, from: 3.3, below: 4 },
  merge: { translate: translateMerge, from: 3, below: 4 },
  noOp: { translate: pass, from: 1, below: 2 },
  manualTrigger: { translate: start, from: 1, below: 2 },
};

const BASE = 'n8n-nodes-base.';

/** Hands items on by the first output, as n8n does past a deactivated node. */
export const PASS: Translation = { doing: { kind: 'pass' }, inputs: 1, outputs: ['main'], run: ({ inputs }) => ok((inputs[0] ?? []).map((carried) => ({ port: 'main', carried }))) };

/** What can be done about nodes that are often used and can not be translated. */
const REMEDIES: Readonly<Record<string, string>> = {
  code: 'Calculate with Edit Fields or a Condition of Bellwether; a Code node runs in n8n alone, on a paper account. Node-RED\'s Function can be backtested.',
  scheduleTrigger: 'Use Cron Market Hours of Bellwether.',
  cron: 'Use Cron Market Hours of Bellwether.',
  webhook: 'Use TradingView Trigger or ChartInk Trigger of Bellwether.',
  httpRequest: 'What a server answers is not known of the past; use Market Data of Bellwether.',
  wait: 'Let a trigger of Bellwether start again what has to wait.',
  splitInBatches: 'Nodes of Bellwether work on all items by themselves: leave the loop out.',
};

/** A foreign node of n8n by our reading of it, or why it can not be read. */
export function translateN8n(node: SavedN8nNode): Outcome<Translation> {
  const short = node.type.startsWith(BASE) ? node.type.slice(BASE.length) : '';
  const known = Object.hasOwn(KNOWN, short) ? KNOWN[short] : undefined;
  if (known === undefined) return deny('NOT_SUPPORTED', `${node.type} can not be replayed.`, { remedy: REMEDIES[short] ?? 'Use nodes of Bellwether, If, Switch, Filter, Edit Fields or Merge; or run the flow in n8n on a paper account.' });
  if (node.typeVersion < known.from || node.typeVersion >= known.below) return notTranslated(`Version ${node.typeVersion} of ${node.type}`, 'Add the node anew from n8n\'s panel: that is its current version.');
  return known.translate(node);
}
