import { closesAll, enters, operationOf } from '../roles';
import { savedText } from '../values';
import type { FlowRule } from './rule';

const STOPS = new Set(['riskGate.killSwitch', 'tradeLock.acquire']);

/** A flow that enters holds something that stops it. */
export const noKillPath: FlowRule = {
  code: 'no-kill-path',
  severity: 'warning',
  title: 'Nothing in a flow that enters can stop it',
  source: 'A kill switch for every algorithm (SEBI, algorithmic trading by retail investors)',
  remedy: 'Add Risk Gate (Kill Switch) or Position (Close All), or import the flow "Kill switch and close all" beside it; "bellwether kill" always works.',
  look(flow) {
    const entries = flow.nodes.filter(enters);
    const [first] = entries;
    if (first === undefined || flow.nodes.some((node) => closesAll(node) || STOPS.has(operationOf(node)))) return [];
    return [{ nodes: [first.name], text: `This flow enters${savedText(first, 'strategyId') === undefined ? '' : ` for "${savedText(first, 'strategyId')}"`}, and holds neither a kill switch nor Close All.` }];
  },
};
