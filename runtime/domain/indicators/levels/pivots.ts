import { z } from 'zod';
import type { Bar } from '../core/bar';
import { defineIndicator } from '../core/define';
import { BarIndicator, type Outputs } from '../core/indicator';
import { LastComplete, type Levels } from './previousLevels';

export const PivotMethod = z.enum(['standard', 'fibonacci', 'camarilla']);
export type PivotMethod = z.infer<typeof PivotMethod>;

export type Pivots = {
  readonly pivot: number;
  /** Central pivot range: `bottom` to `top`. */
  readonly top: number;
  readonly bottom: number;
  readonly r1: number;
  readonly r2: number;
  readonly r3: number;
  readonly s1: number;
  readonly s2: number;
  readonly s3: number;
};

type Name = keyof Pivots;
type Reaches = readonly [number, number, number];

const FIBONACCI: Reaches = [0.382, 0.618, 1];
const CAMARILLA: Reaches = [1.1 / 12, 1.1 / 6, 1.1 / 4];

/**
 * Pivots of the levels of a session. P = (H + L + C) / 3; the central range lies between (H + L) / 2 and its mirror at P.
 * Standard: r1 = 2P - L, r2 = P + (H - L), r3 = H + 2 (P - L), mirrored below. Fibonacci: P ± 0.382, 0.618, 1 × (H - L).
 * Camarilla (Stott 1989): C ± 1.1 (H - L) / 12, 6, 4.
 */
export function pivotsOf({ high, low, close }: Levels, method: PivotMethod): Pivots {
  const pivot = (high + low + close) / 3;
  const middle = (high + low) / 2;
  const range = high - low;
  const centre = { pivot, top: Math.max(middle, 2 * pivot - middle), bottom: Math.min(middle, 2 * pivot - middle) };
  switch (method) {
    case 'fibonacci': return { ...centre, ...around(pivot, range, FIBONACCI) };
    case 'camarilla': return { ...centre, ...around(close, range, CAMARILLA) };
    case 'standard': return {
      ...centre, r1: 2 * pivot - low, r2: pivot + range, r3: high + 2 * (pivot - low),
      s1: 2 * pivot - high, s2: pivot - range, s3: low - 2 * (high - pivot),
    };
  }
}

function around(base: number, range: number, [first, second, third]: Reaches): Omit<Pivots, 'pivot' | 'top' | 'bottom'> {
  return {
    r1: base + range * first, r2: base + range * second, r3: base + range * third,
    s1: base - range * first, s2: base - range * second, s3: base - range * third,
  };
}

const NAMES: readonly Name[] = ['pivot', 'top', 'bottom', 'r1', 'r2', 'r3', 's1', 's2', 's3'];

/** Pivots and central pivot range of the previous session, see `pivotsOf`. Unit of price; unknown until a whole session was seen. */
export class SessionPivots extends BarIndicator<Pivots, Name> {
  readonly begin = 1;
  private readonly last = new LastComplete('session');
  private of: Levels | undefined;
  private pivots: Pivots | undefined;

  constructor(private readonly options: { readonly method: PivotMethod }) {
    super();
  }

  next(bar: Bar): number {
    this.last.next(bar);
    const { levels } = this.last;
    if (levels !== this.of && levels !== undefined) this.pivots = pivotsOf(levels, this.options.method);
    this.of = levels;
    return this.pivots?.pivot ?? NaN;
  }

  protected read(): Pivots | undefined {
    return this.pivots;
  }

  protected write(outputs: Outputs<Name>, index: number): void {
    for (const name of NAMES) outputs[name][index] = this.pivots?.[name] ?? NaN;
  }
}

export const pivots = defineIndicator({
  name: 'pivots', title: 'Pivots and central pivot range', inputs: ['high', 'low', 'close', 'session'],
  outputs: ['pivot', 'top', 'bottom', 'r1', 'r2', 'r3', 's1', 's2', 's3'], units: ['price'], pauses: true,
  parameters: z.object({ method: PivotMethod.default('standard') }),
  build: (options) => new SessionPivots(options),
});
