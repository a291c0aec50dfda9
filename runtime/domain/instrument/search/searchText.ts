import { Exchange } from '../../market';
import { MONTHS } from '../grammar';

/** What somebody typed to find an instrument. */
export interface SearchText {
  /** All of it without blanks, in capitals: a symbol, perhaps. */
  readonly symbol: string;
  /** Words for the share, index or underlying. */
  readonly words: readonly string[];
  readonly exchange?: Exchange;
  readonly segment?: 'future' | 'option';
  readonly optionType?: 'CE' | 'PE';
  /** Rupees. */
  readonly strike?: number;
  /** `12` */
  readonly month?: string;
  /** Of the month, `29`. */
  readonly day?: string;
}

/** Longer texts are cut: nobody types them. */
const MOST_CHARACTERS = 100;
const MOST_WORDS = 8;

const MONTH_WORD = new RegExp(`^(\\d{1,2})?-?(${MONTHS.join('|')})[A-Z]{0,6}-?(?:20)?(\\d{2})?$`);
const STRIKE = /^(\d{1,8}(?:\.\d{1,4})?)(CE|PE)?$/;
const KINDS: Readonly<Record<string, Pick<SearchText, 'segment' | 'optionType'>>> = {
  CE: { optionType: 'CE', segment: 'option' }, CALL: { optionType: 'CE', segment: 'option' }, CALLS: { optionType: 'CE', segment: 'option' },
  PE: { optionType: 'PE', segment: 'option' }, PUT: { optionType: 'PE', segment: 'option' }, PUTS: { optionType: 'PE', segment: 'option' },
  FUT: { segment: 'future' }, FUTURE: { segment: 'future' }, FUTURES: { segment: 'future' }, OPTION: { segment: 'option' }, OPTIONS: { segment: 'option' },
};

/**
 * Takes `nifty 26000 ce dec`, `NFO:NIFTY29DEC26`, `state bank`, `bajaj auto fut` apart. The first word always is the thing itself (`BSE` and `MCX` are shares too);
 * behind it an exchange, a kind, a strike and an expiry month or day are understood. What is not understood is a word.
 */
export function readSearchText(text: string): SearchText {
  const all = text.slice(0, MOST_CHARACTERS).toUpperCase().split(/[\s,:;]+/).filter((word) => word !== '').slice(0, MOST_WORDS);
  const [first, ...rest] = all;
  const leading = rest.length > 0 ? exchangeOf(first) : undefined;
  const [thing, ...more] = leading === undefined ? all : rest;
  const words: string[] = thing === undefined ? [] : [thing];
  let found: Omit<SearchText, 'symbol' | 'words'> = leading === undefined ? {} : { exchange: leading };
  for (const word of more) {
    const part = partOf(word);
    if (part === undefined) words.push(word);
    else found = { ...found, ...part };
  }
  return { symbol: [thing, ...more].join(''), words, ...found };
}

function partOf(word: string): Omit<SearchText, 'symbol' | 'words'> | undefined {
  const exchange = exchangeOf(word);
  if (exchange !== undefined) return { exchange };
  const kind = Object.hasOwn(KINDS, word) ? KINDS[word] : undefined;
  if (kind !== undefined) return kind;
  const [, day, name = ''] = MONTH_WORD.exec(word) ?? [];
  const month = MONTHS.findIndex((one) => one === name) + 1;
  if (month > 0) return { month: String(month).padStart(2, '0'), ...(day === undefined ? {} : { day: day.padStart(2, '0') }) };
  const [, strike, type] = STRIKE.exec(word) ?? [];
  if (strike === undefined) return undefined;
  return { strike: Number(strike), segment: 'option', ...(type === undefined ? {} : { optionType: type === 'CE' ? 'CE' as const : 'PE' as const }) };
}

function exchangeOf(word: string | undefined): Exchange | undefined {
  const parsed = Exchange.safeParse(word);
  return parsed.success ? parsed.data : undefined;
}
