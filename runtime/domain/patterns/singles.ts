import type { Pattern } from './pattern';

/** Hardly any body. TA-Lib's CDLDOJI: 100 says that it is one, not that it is bullish. */
export const doji: Pattern = {
  name: 'doji', title: 'Doji', begin: 10,
  look: (c) => (c.body(0) <= c.dojiBody(0) ? 100 : 0),
};

/** A doji at the top of a lower shadow. TA-Lib's CDLDRAGONFLYDOJI. */
export const dragonflyDoji: Pattern = {
  name: 'dragonflyDoji', title: 'Dragonfly doji', begin: 10,
  look: (c) => (c.body(0) <= c.dojiBody(0) && c.upperShadow(0) < c.veryShortShadow(0) && c.lowerShadow(0) > c.veryShortShadow(0) ? 100 : 0),
};

/** A long body with hardly any shadow. TA-Lib's CDLMARUBOZU. */
export const marubozu: Pattern = {
  name: 'marubozu', title: 'Marubozu', begin: 10,
  look: (c) => (c.body(0) > c.averageBody(0) && c.upperShadow(0) < c.veryShortShadow(0) && c.lowerShadow(0) < c.veryShortShadow(0) ? 100 * c.color(0) : 0),
};

/** A short body with both shadows longer than it. TA-Lib's CDLSPINNINGTOP. */
export const spinningTop: Pattern = {
  name: 'spinningTop', title: 'Spinning top', begin: 10,
  look: (c) => (c.body(0) < c.averageBody(0) && c.upperShadow(0) > c.body(0) && c.lowerShadow(0) > c.body(0) ? 100 * c.color(0) : 0),
};
