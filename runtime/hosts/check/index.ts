export { checkFlow } from './checkFlow';
export type { CheckOptions } from './checkedFlow';
export { RULE_CODES, type Finding, type RuleCode, type Severity } from './finding';
export { RULES } from './rules';
