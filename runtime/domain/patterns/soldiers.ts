import type { Pattern } from './pattern';
import type { Shapes } from './shapes';

/** Whether a candle opens within or near the body before it, closes above it and is not far shorter. */
function advances(c: Shapes, ago: number): boolean {
  const before = ago + 1;
  return c.close(ago) > c.close(before) && c.open(ago) > c.open(before) && c.open(ago) <= c.close(before) + c.near(before)
    && c.body(ago) > c.body(before) - c.far(before);
}

/** Three white candles without upper shadows, each closing higher. TA-Lib's CDL3WHITESOLDIERS. */
export const threeWhiteSoldiers: Pattern = {
  name: 'threeWhiteSoldiers', title: 'Three white soldiers', begin: 12,
  look: (c) => ([2, 1, 0].every((ago) => c.color(ago) === 1 && c.upperShadow(ago) < c.veryShortShadow(ago))
    && advances(c, 1) && advances(c, 0) && c.body(0) > c.averageBody(0) ? 100 : 0),
};

/** Whether a candle opens within the body before it. */
function opensWithin(c: Shapes, ago: number): boolean {
  return c.open(ago) < c.open(ago + 1) && c.open(ago) > c.close(ago + 1);
}

/** After a white candle three black ones without lower shadows, each opening within the last and closing lower. TA-Lib's CDL3BLACKCROWS. */
export const threeBlackCrows: Pattern = {
  name: 'threeBlackCrows', title: 'Three black crows', begin: 13,
  look: (c) => (c.color(3) === 1 && [2, 1, 0].every((ago) => c.color(ago) === -1 && c.lowerShadow(ago) < c.veryShortShadow(ago))
    && opensWithin(c, 1) && opensWithin(c, 0)
    && c.high(3) > c.close(2) && c.close(2) > c.close(1) && c.close(1) > c.close(0) ? -100 : 0),
};
