import type { Denial } from '../../domain/denial';
import type { Envelope } from '../../domain/envelope';
import { plainNumber } from '../../domain/plainNumber';
import type { ActionDefinition, Emission } from '../definition';
import type { NodeStatus } from './red';

const TEXT_LIMIT = 60;

/** What the canvas says after an item: the order where there is one, the rule that refused, or the output it left by. */
export function statusOfEmissions(definition: Pick<ActionDefinition, 'outputs' | 'refusalPort'>, emissions: readonly Emission[]): NodeStatus {
  const last = emissions.at(-1);
  if (last === undefined) return { fill: 'grey', shape: 'ring', text: 'nothing to do' };
  const refused = emissions.filter((emission) => emission.port === definition.refusalPort);
  const count = emissions.length > 1 ? ` (${emissions.length - refused.length} of ${emissions.length})` : '';
  const refusal = refused.at(-1);
  if (refusal !== undefined) return { fill: 'yellow', shape: 'dot', text: brief(refusalText(refusal.item.denial) + count) };
  if (last.told !== undefined) return { fill: last.told.isWarning ? 'yellow' : 'green', shape: 'dot', text: brief(last.told.text + count) };
  const label = definition.outputs.find((output) => output.port === last.port)?.label ?? last.port;
  return { fill: 'green', shape: 'dot', text: brief((orderText(last.item) ?? approvalText(last.item) ?? label.toLowerCase()) + count) };
}

export function statusOfError(error: Error): NodeStatus {
  return { fill: 'red', shape: 'dot', text: brief(error.message) };
}

function refusalText(denial: Denial | undefined): string {
  if (denial === undefined) return 'refused';
  const limits = denial.limit === undefined ? '' : ` limit ${shown(denial.limit)}, value ${shown(denial.value ?? '?')}`;
  return `${denial.rule ?? denial.code}${limits}`;
}

function shown(value: number | string): string {
  return typeof value === 'number' ? plainNumber(value) : value;
}

/** `filled BUY 10 SBIN @ 812.35` */
function orderText({ order }: Envelope): string | undefined {
  if (order === undefined) return undefined;
  const status = order.status.toLowerCase().replaceAll('_', ' ');
  const price = order.averagePrice === undefined ? '' : ` @ ${order.averagePrice.toFixed(2)}`;
  return `${status} ${order.action} ${order.quantity} ${order.symbol}${price}`;
}

function approvalText({ decision, action, quantity, symbol }: Envelope): string | undefined {
  if (decision?.approved !== true || symbol === undefined) return undefined;
  return ['approved', action, quantity, symbol].filter((part) => part !== undefined).join(' ');
}

function brief(text: string): string {
  return text.length <= TEXT_LIMIT ? text : `${text.slice(0, TEXT_LIMIT - 1)}…`;
}
