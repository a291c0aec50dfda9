import type { FlowGraph } from '../replay';
import { checkedFlow, type CheckOptions } from './checkedFlow';
import type { Finding } from './finding';
import { RULES } from './rules';

/** What every rule finds in a flow, errors first. Pure: it looks at the graph and decides nothing. */
export function checkFlow(graph: FlowGraph, options: CheckOptions = {}): readonly Finding[] {
  const flow = checkedFlow(graph, options);
  const findings = RULES.flatMap(({ code, severity, remedy, look }) => look(flow).map((found): Finding => ({ code, severity, remedy, ...found })));
  return [...findings.filter((finding) => finding.severity === 'error'), ...findings.filter((finding) => finding.severity === 'warning')];
}
