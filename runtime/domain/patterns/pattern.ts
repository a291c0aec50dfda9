import { z } from 'zod';
import type { Bar } from '../indicators/core/bar';
import { defineIndicator, type IndicatorSpec } from '../indicators/core/define';
import { BarLine } from '../indicators/core/indicator';
import { Shapes } from './shapes';

/** A candlestick pattern: a rule over the last candles. */
export interface Pattern {
  /** As TA-Lib's without its prefix: `hammer`, `threeWhiteSoldiers`. */
  readonly name: string;
  readonly title: string;
  /** Index of the first candle that the rule can judge. */
  readonly begin: number;
  /** 100 bullish, -100 bearish, 0 neither; 80 for a weaker engulfing or harami, whose bodies share an end. */
  readonly look: (shapes: Shapes) => number;
}

/** Runs one pattern over candles. */
export class PatternLine extends BarLine {
  readonly begin: number;
  private readonly shapes = new Shapes();
  private readonly look: (shapes: Shapes) => number;
  private seen = 0;

  constructor(pattern: Pattern) {
    super();
    this.begin = pattern.begin;
    this.look = pattern.look;
  }

  next(bar: Bar): number {
    this.shapes.push(bar);
    if (this.seen >= this.begin) return this.look(this.shapes);
    this.seen += 1;
    return NaN;
  }
}

/** The pattern as an indicator, `cdl.<name>`. */
export function patternSpec(pattern: Pattern): IndicatorSpec {
  return defineIndicator({
    name: `cdl.${pattern.name}`, title: pattern.title, inputs: ['open', 'high', 'low', 'close'], outputs: ['value'], units: ['score'],
    parameters: z.object({}),
    build: () => new PatternLine(pattern),
  });
}
