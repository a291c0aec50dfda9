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

/** An account's broker over Upstox, with its order stream. Nothing is asked before somebody does, except for the stream, which opens at once in live mode. */
export function openUpstoxBroker({ addresses, accessToken, ...options }: OpenUpstoxOptions): UpstoxBroker {
  const client = upstoxClient({ addresses, accessToken });
  const stream = options.mode === 'sandbox' ? {} : { stream: (onNews: () => void) => upstoxOrderStream({ client, onNews, log: options.log }) };
  return upstoxBroker({ ...options, client, ...stream });
}

/** The names of instruments, read from Upstox' public list (`UPSTOX_MASTER_ADDRESS`) when first asked for. One for all accounts, feeds and histories of a runtime. */
export function openUpstoxKeys({ address, clock, log }: { readonly address: string; readonly clock: Clock; readonly log: Log }): UpstoxKeys {
  return upstoxKeys({ open: () => openMasterBytes({ address }), clock, log });
}
