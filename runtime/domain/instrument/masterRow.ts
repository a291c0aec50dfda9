import type { Exchange, Segment } from '../market';
import { instrumentKey } from '../market';
import { toMoney, type Money } from '../money';
import type { IsoDate } from '../time';
import { formatSymbol } from './format';
import type { OptionType } from './grammar';
import type { MasterRow } from './master';

/** The facts of one line, as a broker's reader found them. Prices in rupees. */
export interface MasterFacts {
  readonly exchange: Exchange;
  readonly segment: Segment;
  /** Symbol of a share or index, underlying of a contract. */
  readonly base: string;
  readonly name?: string;
  readonly lotSize?: number;
  /** Zero and absent mean: not said. */
  readonly tickSize?: number;
  /** Zero and absent mean: not said. */
  readonly freezeQuantity?: number;
  readonly expiry?: IsoDate;
  readonly strike?: number;
  readonly optionType?: OptionType;
}

export type MasterReading = { readonly kind: 'row'; readonly row: MasterRow } | { readonly kind: 'rejected'; readonly why: string } | { readonly kind: 'skipped' };

export const SKIPPED: MasterReading = { kind: 'skipped' };

const BASE = /^[A-Z0-9][A-Z0-9&-]{0,39}$/;
/** The grammar reads such a word as a contract, whatever the list calls it. */
const CONTRACT_WORD = /\d{2}(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)(?:\d{2})?FUT$|\d{2}(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)\d+(?:\.\d+)?(?:CE|PE)$/;
const MOST_NAME = 80;
const MOST_LOT = 10_000_000;
const MOST_TICK_RUPEES = 1_000;
const MOST_STRIKE_RUPEES = 100_000_000;

/** Makes a row of facts, or says what is wrong with them. The key is written by the one symbol grammar, never taken over. */
export function masterRow(facts: MasterFacts): MasterReading {
  const { exchange, segment, base } = facts;
  if (!BASE.test(base)) return rejected(`${JSON.stringify(base.slice(0, MOST_NAME))} is no symbol`);
  const isContract = segment === 'future' || segment === 'option';
  const lotSize = isContract || segment === 'cash' ? facts.lotSize ?? (isContract ? 0 : 1) : 1;
  if (!Number.isInteger(lotSize) || lotSize < 1 || lotSize > MOST_LOT) return rejected(`a lot of ${lotSize}`);
  const tick = tickOf(facts.tickSize);
  if (tick === 'wrong') return rejected(`a tick of ${facts.tickSize ?? ''}`);
  const name = facts.name?.trim().slice(0, MOST_NAME) ?? '';
  const freeze = facts.freezeQuantity ?? 0;
  const more = {
    lotSize, ...(name === '' ? {} : { name }), ...(tick === undefined ? {} : { tickSize: tick }),
    // Some lists write 0 or 1 where they do not know; an order is never cut smaller than a lot.
    ...(Number.isSafeInteger(freeze) && freeze > 1 && freeze >= lotSize ? { freezeQuantity: freeze } : {}),
  };
  if (isContract) return contractRow(facts, more);
  if (CONTRACT_WORD.test(base)) return rejected(`${base} reads as a contract and is listed as ${segment}`);
  return { kind: 'row', row: { key: instrumentKey(exchange, base), exchange, symbol: base, segment, base, ...more } };
}

function contractRow(facts: MasterFacts, more: Pick<MasterRow, 'lotSize' | 'name' | 'tickSize' | 'freezeQuantity'>): MasterReading {
  const { exchange, segment, base, expiry, optionType } = facts;
  if (expiry === undefined || !expiry.startsWith('20')) return rejected(`an expiry that is ${expiry ?? 'missing'}`);
  if (segment === 'future') {
    const symbol = formatSymbol({ base, expiry });
    return { kind: 'row', row: { key: instrumentKey(exchange, symbol), exchange, symbol, segment, base, expiry, ...more } };
  }
  const strike = strikeOf(facts.strike);
  if (strike === undefined || optionType === undefined) return rejected(`an option with strike ${facts.strike ?? 'missing'} and type ${optionType ?? 'missing'}`);
  const symbol = formatSymbol({ base, expiry, strike, optionType });
  return { kind: 'row', row: { key: instrumentKey(exchange, symbol), exchange, symbol, segment: 'option', base, expiry, strike, optionType, ...more } };
}

function strikeOf(rupees: number | undefined): Money | undefined {
  return rupees !== undefined && rupees > 0 && rupees < MOST_STRIKE_RUPEES ? toMoney(rupees) : undefined;
}

function tickOf(rupees: number | undefined): Money | undefined | 'wrong' {
  if (rupees === undefined || rupees === 0) return undefined;
  if (!(rupees > 0) || rupees > MOST_TICK_RUPEES) return 'wrong';
  const tick = toMoney(rupees);
  return tick > 0 ? tick : 'wrong';
}

export function rejected(why: string): MasterReading {
  return { kind: 'rejected', why };
}
