import type { CheckedFlow } from '../checkedFlow';
import type { Rule } from '../finding';

export type FlowRule = Rule<CheckedFlow>;
