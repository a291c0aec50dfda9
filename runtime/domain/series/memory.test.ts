import { randomBars } from '../../../tests/golden/randomBars';
import { columnsOf } from '../indicators/core/columns';
import { INDICATORS } from '../indicators/indicators';
import { runBatch } from '../indicators/run';
import { MINUTE_MS } from '../time';
import { MOST_WARM_UP, warmUpOf } from './memory';

const LENGTH = 13_000;
const BARS = randomBars({ seed: 9, length: LENGTH, perSession: 375 });

/** Adds up for ever, so that only differences mean something; or follows the whole of a trend. */
const ENDLESS = new Set(['obv', 'ad', 'anchoredVwap']);
const LISTED = INDICATORS.filter(({ name }) => !ENDLESS.has(name)).map((spec) => ({ name: spec.name, spec }));

test.each(LISTED)('$name is the same whether history begins long ago or with its warm-up', ({ spec }) => {
  const parameters = spec.parameters.parse({});
  const warmUp = warmUpOf({ spec, parameters, begin: spec.create(parameters).begin }, MINUTE_MS);
  expect(warmUp).toBeLessThanOrEqual(MOST_WARM_UP);
  const long = runBatch(spec, columnsOf(BARS), parameters);
  const short = runBatch(spec, columnsOf(BARS.slice(LENGTH - warmUp)), parameters);
  for (const output of spec.outputs) {
    const [then, now] = [long[output]?.at(-1) ?? NaN, short[output]?.at(-1) ?? NaN];
    expect({ output, known: !Number.isNaN(now), agrees: Math.abs(then - now) <= 1e-9 * Math.max(1, Math.abs(then)) }).toEqual({ output, known: true, agrees: true });
  }
});
