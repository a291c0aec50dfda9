import type { GraphNode, OurNode } from '../../replay';
import type { CheckedFlow } from '../checkedFlow';
import { enters, isProtected, isTrigger, leaves } from '../roles';
import { isSet, strategyOf, textOf } from '../values';
import { symbolsOf } from '../symbols';
import type { FlowRule } from './rule';

/** What is entered is left again: by a protection, a close, a square-off, an opposite order or the sender of the alerts. */
export const entryWithoutExit: FlowRule = {
  code: 'entry-without-exit',
  severity: 'warning',
  title: 'An entry has neither an exit nor a protection',
  source: 'Every entry needs a way out that does not depend on a person',
  remedy: 'Set a Stop, Target or Exit At in the order, or add Position (Close, Close All or Protect) for the same strategy.',
  look(flow) {
    const reached = new Set(flow.starts.flatMap(({ id }) => [...flow.reach(id)]));
    const exits = flow.nodes.filter(leaves).filter(({ id }) => reached.has(id));
    return flow.nodes.filter(enters).flatMap((order) => {
      if (!reached.has(order.id) || isProtected(order) || actionFromOutside(flow, order)) return [];
      if (exits.some((exit) => strategyOf(exit) === strategyOf(order) && mayShareSymbol(flow, order, exit))) return [];
      if (opposite(flow, order, reached)) return [];
      return [{ nodes: [order.name], text: `Nothing in this flow gets out of what "${order.name}" enters for the strategy "${strategyOf(order)}". The square-off of intraday positions (MIS) is its only end.` }];
    });
  },
};

/** Buys and sells as each alert says: the sender ends what it began. */
function actionFromOutside(flow: CheckedFlow, order: OurNode): boolean {
  if (isSet(order, 'action')) return false;
  return before(flow, order).some((node) => node.kind === 'ours' && node.definition.type === 'tradingViewTrigger') && actionsBefore(flow, order).length === 0;
}

/** Another order of the strategy that goes the other way. */
function opposite(flow: CheckedFlow, order: OurNode, reached: ReadonlySet<string>): boolean {
  const own = actionOf(flow, order);
  return flow.nodes.filter(enters).some((other) => {
    const theirs = actionOf(flow, other);
    return other !== order && reached.has(other.id) && strategyOf(other) === strategyOf(order) && own !== undefined && theirs !== undefined && own !== theirs && mayShareSymbol(flow, order, other);
  });
}

function actionOf(flow: CheckedFlow, order: OurNode): string | undefined {
  return textOf(order, 'action') ?? actionsBefore(flow, order)[0];
}

function actionsBefore(flow: CheckedFlow, order: OurNode): readonly string[] {
  return before(flow, order).flatMap((node) => (node.kind === 'ours' ? [textOf(node, 'action')] : [])).filter((action) => action !== undefined);
}

function before(flow: CheckedFlow, order: GraphNode): readonly GraphNode[] {
  return flow.nodes.filter((node) => node !== order && flow.reach(node.id).has(order.id));
}

/** False only where both are known and have none in common. */
function mayShareSymbol(flow: CheckedFlow, order: OurNode, exit: OurNode): boolean {
  const [ours, theirs] = [symbolsFor(flow, order), symbolsFor(flow, exit)];
  return ours.length === 0 || theirs.length === 0 || ours.some((symbol) => theirs.includes(symbol));
}

/** Its own symbol, else those of the triggers that lead to it. */
function symbolsFor(flow: CheckedFlow, node: OurNode): readonly string[] {
  const own = symbolsOf(node).map(({ key }) => key);
  if (own.length > 0) return own;
  const triggers = before(flow, node).filter(isTrigger);
  const each = triggers.map((trigger) => symbolsOf(trigger).map(({ key }) => key));
  return each.some((symbols) => symbols.length === 0) ? [] : each.flat();
}
