import type { ArithmeticOperator, Condition, CrossDirection, Reading, Source, Value } from './ast';

/** The one canonical text of a condition. Parsing it gives the same condition again. */
export function formatCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'group': return condition.conditions.map((each) => (each.kind === 'group' ? `(${formatCondition(each)})` : formatCondition(each))).join(` ${condition.operator} `);
    case 'not': return `not (${formatCondition(condition.condition)})`;
    case 'compare': return `${formatValue(condition.left)} ${condition.operator} ${formatValue(condition.right)}`;
    case 'cross': return `${formatValue(condition.left)} ${CROSSES[condition.direction]} ${formatValue(condition.right)}`;
    case 'between': return `${formatValue(condition.value)} between ${formatValue(condition.low)} and ${formatValue(condition.high)}`;
    case 'trend': return `${formatValue(condition.value)} is ${condition.direction}${condition.candles === 1 ? '' : ` for ${condition.candles}`}`;
    case 'holds': return formatReading(condition.reading);
  }
}

const CROSSES: Readonly<Record<CrossDirection, string>> = { above: 'crosses above', below: 'crosses below', either: 'crosses' };

/** The canonical text of a value: parentheses only where the grammar needs them. */
export function formatValue(value: Value): string {
  switch (value.kind) {
    case 'reading': return formatReading(value);
    case 'number': return String(value.value);
    case 'percent': return `${value.value}%`;
    case 'portion': return `${value.percent}% of ${formatOperand(value.of)}`;
    case 'negate': return `-${value.value.kind === 'reading' ? formatReading(value.value) : `(${formatValue(value.value)})`}`;
    case 'arithmetic': return `${formatSide(value.left, binding(value.operator))} ${value.operator} ${formatSide(value.right, binding(value.operator) + 1)}`;
  }
}

/** `close[1]@1h`: the offset first, absent when 0. */
export function formatReading({ source, offset, timeframe }: Reading): string {
  return `${formatSource(source)}${offset === 0 ? '' : `[${offset}]`}${timeframe === undefined ? '' : `@${timeframe}`}`;
}

/** `macd(12, 26, 9).signal`, `position.pnlPercent`, `bullish engulfing`. Equal texts are equal sources. */
export function formatSource(source: Source): string {
  switch (source.kind) {
    case 'field': return source.path;
    case 'pattern': return source.name;
    case 'function': {
      const args = source.args.length === 0 ? '' : `(${source.args.join(', ')})`;
      return `${source.name}${args}${source.output === undefined ? '' : `.${source.output}`}`;
    }
  }
}

function formatOperand(value: Value): string {
  return value.kind === 'reading' || value.kind === 'number' ? formatValue(value) : `(${formatValue(value)})`;
}

/** One side of an operator: operators that bind less than `least` need parentheses. */
function formatSide(value: Value, least: number): string {
  return value.kind === 'arithmetic' && binding(value.operator) < least ? `(${formatValue(value)})` : formatValue(value);
}

function binding(operator: ArithmeticOperator): number {
  return operator === '+' || operator === '-' ? 1 : 2;
}
