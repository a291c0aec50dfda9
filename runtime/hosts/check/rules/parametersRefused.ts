import { explained } from '../../../domain/denial';
import type { OurNode } from '../../replay';
import { readParameters } from '../../parameters';
import type { FlowRule } from './rule';

/** What the node itself would refuse when it starts: values out of range, conditions that do not parse. */
export const parametersRefused: FlowRule = {
  code: 'parameters-refused',
  severity: 'error',
  title: 'A node refuses its parameters, or a condition does not parse',
  source: 'The node\'s own definition',
  remedy: 'Open the node and correct the field.',
  look(flow) {
    return flow.ours.flatMap((node) => {
      const problem = problemOf(node);
      return problem === undefined ? [] : [{ nodes: [node.name], text: `"${node.name}": ${problem}` }];
    });
  },
};

function problemOf({ definition, values, valuesFor, numbersAsText }: OurNode): string | undefined {
  // With expressions the values are known with each item only.
  if (valuesFor !== undefined) return undefined;
  const read = readParameters(definition.params, values, { numbersAsText });
  if (!read.ok) return explained(read.denial);
  const meaning = definition.meaning?.of({ ...values, ...read.value });
  return meaning?.ok === false ? explained(meaning.denial) : undefined;
}
