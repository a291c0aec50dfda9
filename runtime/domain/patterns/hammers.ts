import type { Pattern } from './pattern';
import type { Shapes } from './shapes';

const shortBody = (c: Shapes): boolean => c.body(0) < c.averageBody(0);
const longBelow = (c: Shapes): boolean => c.lowerShadow(0) > c.body(0) && c.upperShadow(0) < c.veryShortShadow(0);
const longAbove = (c: Shapes): boolean => c.upperShadow(0) > c.body(0) && c.lowerShadow(0) < c.veryShortShadow(0);

/** Short body near the top, long lower shadow, next to or below the low before it. TA-Lib's CDLHAMMER. */
export const hammer: Pattern = {
  name: 'hammer', title: 'Hammer', begin: 11,
  look: (c) => (shortBody(c) && longBelow(c) && c.bottom(0) <= c.low(1) + c.near(1) ? 100 : 0),
};

/** The hammer's shape next to or above the high before it. TA-Lib's CDLHANGINGMAN. */
export const hangingMan: Pattern = {
  name: 'hangingMan', title: 'Hanging man', begin: 11,
  look: (c) => (shortBody(c) && longBelow(c) && c.bottom(0) >= c.high(1) - c.near(1) ? -100 : 0),
};

/** Short body near the bottom, long upper shadow, body above the one before. TA-Lib's CDLSHOOTINGSTAR. */
export const shootingStar: Pattern = {
  name: 'shootingStar', title: 'Shooting star', begin: 11,
  look: (c) => (shortBody(c) && longAbove(c) && c.gapsUp(0) ? -100 : 0),
};

/** The shooting star's shape, body below the one before. TA-Lib's CDLINVERTEDHAMMER. */
export const invertedHammer: Pattern = {
  name: 'invertedHammer', title: 'Inverted hammer', begin: 11,
  look: (c) => (shortBody(c) && longAbove(c) && c.gapsDown(0) ? 100 : 0),
};
