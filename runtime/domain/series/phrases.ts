/** What words that stand by themselves mean: an output of an indicator, and which of its values count as yes. */
export interface Phrase {
  readonly indicator: string;
  readonly output: string;
  /** 1: above 0. -1: below 0. 0: either. */
  readonly side: 1 | -1 | 0;
}

const pattern = (name: string, side: Phrase['side'] = 0): Phrase => ({ indicator: `cdl.${name}`, output: 'value', side });

/** Patterns that come both ways, by their plain words. */
const TWO_SIDED: Readonly<Record<string, string>> = {
  'engulfing': 'engulfing', 'harami': 'harami', 'marubozu': 'marubozu', 'spinning top': 'spinningTop', 'strong candle': 'strongCandle',
};

const ONE_SIDED: Readonly<Record<string, string>> = {
  'hammer': 'hammer', 'hanging man': 'hangingMan', 'shooting star': 'shootingStar', 'inverted hammer': 'invertedHammer',
  'piercing': 'piercing', 'piercing line': 'piercing', 'dark cloud cover': 'darkCloudCover', 'morning star': 'morningStar', 'evening star': 'eveningStar',
  'doji': 'doji', 'dragonfly doji': 'dragonflyDoji', 'three white soldiers': 'threeWhiteSoldiers', 'three black crows': 'threeBlackCrows',
  'inside bar': 'insideBar', 'inside candle': 'insideBar',
};

function sides(words: string, name: string): readonly (readonly [string, Phrase])[] {
  return [[words, pattern(name)], [`bullish ${words}`, pattern(name, 1)], [`bearish ${words}`, pattern(name, -1)]];
}

/** Every phrase of the language: candlestick patterns, and indicators that are true or false with their defaults. */
export const PHRASES: ReadonlyMap<string, Phrase> = new Map([
  ...Object.entries(TWO_SIDED).flatMap(([words, name]) => sides(words, name)),
  ...Object.entries(ONE_SIDED).map(([words, name]): readonly [string, Phrase] => [words, pattern(name)]),
  ['strong bullish candle', pattern('strongCandle', 1)],
  ['strong bearish candle', pattern('strongCandle', -1)],
  ['squeeze on', { indicator: 'squeeze', output: 'on', side: 1 }],
  ['range compression', { indicator: 'rangeCompression', output: 'compressed', side: 1 }],
  ['volume breakout', { indicator: 'volumeBreakout', output: 'breakout', side: 1 }],
]);
