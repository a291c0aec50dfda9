import { z } from 'zod';
import type { Convention } from '../core/convention';
import type { Bar } from '../core/bar';
import { convention, defineIndicator, period, type Input } from '../core/define';
import { BarLine } from '../core/indicator';
import { DirectionalMovement } from './directionalMovement';

interface DirectionalOptions {
  readonly period: number;
  readonly convention?: Convention;
}

abstract class DirectionalLine extends BarLine {
  readonly begin: number;
  protected readonly movement: DirectionalMovement;

  constructor(options: DirectionalOptions) {
    super();
    this.movement = new DirectionalMovement(options);
    this.begin = this.movement.begin;
  }
}

/** +DI: share of upward movement in the true range. Percent; first value at `period`. Wilder 1978, TA-Lib's PLUS_DI. */
export class PlusDi extends DirectionalLine {
  next(bar: Bar): number {
    this.movement.step(bar.high, bar.low, bar.close);
    return this.movement.plus;
  }
}

/** -DI: share of downward movement in the true range. Percent; first value at `period`. Wilder 1978, TA-Lib's MINUS_DI. */
export class MinusDi extends DirectionalLine {
  next(bar: Bar): number {
    this.movement.step(bar.high, bar.low, bar.close);
    return this.movement.minus;
  }
}

/** Directional index: 100 |+DI - -DI| / (+DI + -DI). Percent; first value at `period`. Wilder 1978, TA-Lib's DX. */
export class Dx extends DirectionalLine {
  next(bar: Bar): number {
    this.movement.step(bar.high, bar.low, bar.close);
    return this.movement.dx;
  }
}

const shape: { inputs: readonly Input[]; outputs: readonly [string]; units: readonly ['percent'] } =
  { inputs: ['high', 'low', 'close'], outputs: ['value'], units: ['percent'] };
const parameters = z.object({ period: period(14, 2), convention });

export const plusDi = defineIndicator({ name: 'plusDi', title: 'Plus directional indicator', ...shape, parameters, build: (options) => new PlusDi(options) });
export const minusDi = defineIndicator({ name: 'minusDi', title: 'Minus directional indicator', ...shape, parameters, build: (options) => new MinusDi(options) });
export const dx = defineIndicator({ name: 'dx', title: 'Directional index', ...shape, parameters, build: (options) => new Dx(options) });
