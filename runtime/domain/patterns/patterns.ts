import { hammer, hangingMan, invertedHammer, shootingStar } from './hammers';
import { insideBar, strongCandle } from './intraday';
import type { Pattern } from './pattern';
import { darkCloudCover, engulfing, eveningStar, harami, morningStar, piercing } from './reversals';
import { doji, dragonflyDoji, marubozu, spinningTop } from './singles';
import { threeBlackCrows, threeWhiteSoldiers } from './soldiers';

/** Every candlestick pattern there is. */
export const PATTERNS: readonly Pattern[] = [
  hammer, hangingMan, shootingStar, invertedHammer,
  engulfing, harami, piercing, darkCloudCover, morningStar, eveningStar,
  doji, dragonflyDoji, marubozu, spinningTop,
  threeWhiteSoldiers, threeBlackCrows,
  insideBar, strongCandle,
];
