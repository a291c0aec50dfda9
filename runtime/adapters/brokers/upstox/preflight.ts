import type { Denial } from '../../../domain/denial';
import { toMoney } from '../../../domain/money';
import type { Funds } from '../../../domain/ports';
import type { UpstoxClient } from './client';
import type { UpstoxKeys } from './instrumentKeys';
import { Authorized, FundsData, StaticAddresses } from './schema';
import type { SessionKeeper, UpstoxState } from './sessionKeeper';

/** What can be known before the first order of a day, without sending one. */
export interface UpstoxPreflight extends UpstoxState {
  /** What is free and blocked; absent where it could not be read. */
  readonly funds?: Funds;
  /** The addresses Upstox takes orders from. Whether this machine has one of them, only an order shows. Absent where they could not be read. */
  readonly staticAddresses?: readonly string[];
  /** True where the feed of prices may be opened. */
  readonly feed?: boolean;
  /** How many instruments of today have a name at Upstox. */
  readonly instruments?: number;
  /** Everything that is not well, the worst first. */
  readonly problems: readonly Denial[];
}

export const MARKET_FEED_LEAVE = '/v3/feed/market-data-feed/authorize';

/** Asks for token, margin, registered addresses, feed and instruments. The sandbox can tell of the instruments alone. */
export async function readPreflight({ client, keys, session }: { readonly client: UpstoxClient; readonly keys: UpstoxKeys; readonly session: SessionKeeper }): Promise<UpstoxPreflight> {
  const table = await keys.table();
  const instruments = table.ok ? { instruments: table.value.size } : {};
  const missing = table.ok ? [] : [table.denial];
  if (session.current().mode === 'sandbox') return { ...session.current(), ...instruments, problems: missing };
  const funds = await client.read('/v3/user/get-funds-and-margin', FundsData);
  if (!funds.ok) {
    session.failed(funds.denial);
    return { ...session.current(), ...instruments, problems: [funds.denial, ...missing] };
  }
  session.worked();
  const [addresses, feed] = [await client.read('/v2/user/ip', StaticAddresses), await client.read(MARKET_FEED_LEAVE, Authorized)];
  const staticAddresses = addresses.ok ? [addresses.value.primary_ip, addresses.value.secondary_ip].flatMap((address = '') => (address === '' ? [] : [address])) : undefined;
  return {
    ...session.current(), ...instruments, funds: fundsOf(funds.value), feed: feed.ok, ...(staticAddresses === undefined ? {} : { staticAddresses }),
    problems: [...(staticAddresses?.length === 0 ? [NO_ADDRESS] : []), ...(feed.ok ? [] : [feed.denial]), ...missing],
  };
}

export function fundsOf({ available_to_trade: { total, cash_available_to_trade: cash, pledge_available_to_trade: pledge } }: ReturnType<typeof FundsData.parse>): Funds {
  return { available: toMoney(total), used: toMoney((cash?.margin_used?.total ?? 0) + (pledge?.margin_used?.total ?? 0)) };
}

const NO_ADDRESS: Denial = {
  code: 'SOURCE_NOT_ALLOWED', message: 'No fixed address is registered with Upstox: it refuses orders of programs from anywhere else.', remedy: 'Register this machine\'s fixed address in the developer console of Upstox, then log in again.',
};
