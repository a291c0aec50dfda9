import type { Clock, Log } from '../../../domain/ports';
import type { UpstoxAddresses } from './addresses';
import { upstoxClient } from './client';
import { upstoxKeys, type UpstoxKeys } from './instrumentKeys';
import { openMasterBytes } from './masterBytes';
import { upstoxOrderStream } from './orderStream';
import { upstoxBroker, type UpstoxBroker, type UpstoxBrokerOptions } from './upstoxBroker';

export interface OpenUpstoxOptions extends Pick<UpstoxBrokerOptions, 'account' | 'journal' | 'instruments' | 'clock' | 'log' | 'mode' | 'keys'> {
  /** `UPSTOX_ADDRESSES[mode]`, or a test's own. */
  readonly addresses: UpstoxAddresses;
  /** Of today's login; in memory only. */
  readonly accessToken: string;
}

/** An account's broker over Upstox. In live mode its order stream opens at once and the names of instruments are read, so that the first order does not wait for them; else nothing is asked before somebody does. */
export function openUpstoxBroker({ addresses, accessToken, ...options }: OpenUpstoxOptions): UpstoxBroker {
  const client = upstoxClient({ addresses, accessToken });
  if (options.mode === 'live') void options.keys.table();
  const stream = options.mode === 'sandbox' ? {} : { stream: (onNews: () => void) => upstoxOrderStream({ client, onNews, log: options.log }) };
  return upstoxBroker({ ...options, client, ...stream });
}

/** The names of instruments, read from Upstox' public list (`UPSTOX_MASTER_ADDRESS`) when first asked for. One for all accounts, feeds and histories of a runtime. */
export function openUpstoxKeys({ address, clock, log }: { readonly address: string; readonly clock: Clock; readonly log: Log }): UpstoxKeys {
  return upstoxKeys({ open: () => openMasterBytes({ address }), clock, log });
}
