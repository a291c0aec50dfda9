import { openAlgoClient } from './adapters/brokers/openalgo/client';
import { openAlgoHistory } from './adapters/brokers/openalgo/history';
import { upstoxPlace, type UpstoxPlace } from './adapters/brokers/upstox/addresses';
import { upstoxClient } from './adapters/brokers/upstox/client';
import { upstoxHistory } from './adapters/brokers/upstox/history';
import { openUpstoxKeys } from './adapters/brokers/upstox/openUpstox';
import { backgroundPause } from './adapters/system/pause';
import { secretOf, type AccountConfig, type AccountSecrets } from './domain/account';
import { deny, ok, type Outcome } from './domain/denial';
import type { History } from './domain/feed';
import type { Clock, Log, Pause } from './domain/ports';

export interface OpenHistoryPorts {
  readonly clock: Clock;
  readonly log: Log;
  /** Where Upstox is; default: where it is. */
  readonly upstox?: UpstoxPlace;
  /** Between requests, and before one is tried again. Default: a wait that keeps no process alive. */
  readonly pause?: Pause;
}

/** The past as an account's broker gives it: in pages, at its pace. Denies a paper account, which has no broker, and one without its secret. */
export function openHistory(account: AccountConfig, secrets: AccountSecrets, { clock, log, upstox, pause = backgroundPause }: OpenHistoryPorts): Outcome<History> {
  switch (account.broker) {
    case 'paper': return deny('NOT_SUPPORTED', `${account.id} is a paper account: it has no broker to ask.`, { field: 'account', remedy: 'Name the account of a broker, or import a file: bellwether data import.' });
    case 'openalgo': {
      const key = secretOf(account, secrets, 'apiKey');
      return key.ok ? ok(openAlgoHistory({ client: openAlgoClient({ url: account.url, apiKey: key.value, pause }), clock, log, pause })) : key;
    }
    case 'upstox': {
      const token = secretOf(account, secrets, 'accessToken');
      if (!token.ok) return token;
      const { addresses, masterAddress: address } = upstoxPlace(account.mode, upstox);
      return ok(upstoxHistory({ client: upstoxClient({ addresses, accessToken: token.value, pause }), keys: openUpstoxKeys({ address, clock, log }), clock, log, pause }));
    }
  }
}
