import { deny, ok, type Outcome } from '../../../domain/denial';
import type { InstrumentKey } from '../../../domain/market';
import { toMoney, type Money } from '../../../domain/money';
import type { Log } from '../../../domain/ports';
import type { IsoDate } from '../../../domain/time';
import { readRows } from '../reading/rows';
import type { UpstoxClient } from './client';
import type { KeyTable, UpstoxKeys } from './instrumentKeys';
import { ChainRow, Rows, type ChainSide } from './schema';

/** One option of a chain. Open interest and volume in units; Greeks as Upstox computes them, `iv` in percent a year. */
export interface ChainOption {
  readonly instrument: InstrumentKey;
  readonly last?: Money;
  readonly bid?: Money;
  readonly ask?: Money;
  readonly volume?: number;
  readonly openInterest?: number;
  readonly openInterestBefore?: number;
  readonly greeks?: { readonly delta?: number; readonly gamma?: number; readonly theta?: number; readonly vega?: number; readonly iv?: number };
}

export interface ChainStrike {
  readonly strike: Money;
  /** The underlying's price that the row was made with. */
  readonly spot?: Money;
  readonly call?: ChainOption;
  readonly put?: ChainOption;
}

export interface UpstoxOptionChainOptions {
  readonly client: UpstoxClient;
  readonly keys: UpstoxKeys;
  readonly log: Log;
}

/** The chain of one underlying (an index or a share) and one expiry, by strike, as Upstox has it now. Commodities have none there. */
export async function readOptionChain({ client, keys, log }: UpstoxOptionChainOptions, { underlying, expiry }: { readonly underlying: InstrumentKey; readonly expiry: IsoDate }): Promise<Outcome<readonly ChainStrike[]>> {
  const table = await keys.table();
  if (!table.ok) return table;
  const key = table.value.upstoxKey(underlying);
  if (key === undefined) return deny('UNKNOWN_SYMBOL', `${underlying} is not in Upstox' list of today.`, { field: 'symbol', value: underlying });
  const read = await client.read('/v2/option/chain', Rows, { instrument_key: key, expiry_date: expiry });
  if (!read.ok) return read;
  const strikes = readRows(read.value, ChainRow, { source: 'upstox', log }).map((row): ChainStrike => {
    const [call, put, spot] = [optionOf(row.call_options, table.value), optionOf(row.put_options, table.value), moneyOf(row.underlying_spot_price)];
    return { strike: toMoney(row.strike_price), ...(spot === undefined ? {} : { spot }), ...(call === undefined ? {} : { call }), ...(put === undefined ? {} : { put }) };
  });
  return ok(strikes.sort((a, b) => a.strike - b.strike));
}

function optionOf(side: ChainSide | undefined, keys: KeyTable): ChainOption | undefined {
  const instrument = side === undefined ? undefined : keys.instrument(side.instrument_key);
  if (side === undefined || instrument === undefined) return undefined;
  const { ltp, bid_price: bid, ask_price: ask, volume, oi, prev_oi: before } = side.market_data;
  const greeks = known(side.option_greeks ?? {});
  return {
    instrument, ...known({ last: moneyOf(ltp), bid: moneyOf(bid), ask: moneyOf(ask), volume, openInterest: oi, openInterestBefore: before }),
    ...(Object.keys(greeks).length === 0 ? {} : { greeks }),
  };
}

/** 0 is no price. */
function moneyOf(price: number | undefined): Money | undefined {
  return price === undefined || price <= 0 ? undefined : toMoney(price);
}

/** What is said, without what is not. */
function known<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const said: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined) Object.assign(said, { [name]: value });
  }
  return said;
}
