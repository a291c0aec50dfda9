import { formatCondition, readCondition } from '../../../domain/condition';
import { VOCABULARY } from '../../../domain/series';
import type { OurNode } from '../../replay';
import { enters, isTrigger } from '../roles';
import { symbolsOf } from '../symbols';
import { savedText, strategyOf, textOf } from '../values';
import type { FlowRule } from './rule';

/** Two triggers that say the same at the same moment for the same strategy order twice: their signals are two. */
export const triggersDouble: FlowRule = {
  code: 'triggers-double',
  severity: 'error',
  title: 'Two triggers fire at the same moment for the same symbol and strategy',
  source: 'An order is sent once a signal; two triggers make two signals',
  remedy: 'Remove one of them, or let them differ in symbol, condition or strategy.',
  look(flow) {
    const orders = flow.nodes.filter(enters);
    const driving = flow.nodes.filter(isTrigger).filter(({ definition }) => definition.kind === 'sourceTrigger').flatMap((trigger) => {
      const reached = flow.reach(trigger.id);
      const entered = orders.filter(({ id }) => reached.has(id));
      return entered.length === 0 ? [] : [{ trigger, says: whenOf(trigger), strategies: new Set(entered.map(strategyOf)), actions: new Set(entered.map((order) => textOf(order, 'action') ?? '')) }];
    });
    return driving.flatMap((first, index) => driving.slice(index + 1).flatMap((second) => {
      if (first.says !== second.says || !share(first.strategies, second.strategies) || !share(first.actions, second.actions)) return [];
      const [ours, theirs] = [symbolsOf(first.trigger), symbolsOf(second.trigger)].map((symbols) => new Set(symbols.map(({ key }) => key)));
      if (ours === undefined || theirs === undefined || (ours.size > 0 && !share(ours, theirs))) return [];
      return [{ nodes: [first.trigger.name, second.trigger.name], text: `"${first.trigger.name}" and "${second.trigger.name}" fire at the same moment and both lead to an entry of the strategy "${[...first.strategies][0] ?? savedText(first.trigger, 'strategyId') ?? ''}".` }];
    }));
  },
};

function share(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return [...left].some((each) => right.has(each));
}

/** All that decides when a trigger fires, but for its symbols and names, in one spelling. */
function whenOf(trigger: OurNode): string {
  const ignored = new Set(['symbols', 'symbol', 'exchange', 'signalName', 'tags', 'condition']);
  const params = Object.keys(trigger.definition.params.shape).filter((name) => !ignored.has(name)).map((name) => `${name}=${JSON.stringify(valueOf(trigger, name))}`);
  return [trigger.definition.type, ...params, canonical(textOf(trigger, 'condition') ?? '')].join(' ');
}

function valueOf(trigger: OurNode, name: string): unknown {
  return textOf(trigger, name) ?? trigger.values[name] ?? null;
}

function canonical(condition: string): string {
  const read = readCondition(condition, VOCABULARY);
  return read.ok ? formatCondition(read.value) : condition;
}
