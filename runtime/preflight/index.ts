import { upstoxPlace, type UpstoxPlace } from '../adapters/brokers/upstox/addresses';
import { openUpstoxKeys } from '../adapters/brokers/upstox/openUpstox';
import type { AccountConfig, AccountSecrets } from '../domain/account';
import { deny, ok, type Outcome } from '../domain/denial';
import type { Clock, Log, Pause } from '../domain/ports';
import type { TradingCalendar } from '../domain/session';
import { good, type Check } from './check';
import { gatewayChecks, gatewaySurroundings } from './openAlgo';
import { calendarCheck, clockCheck } from './surroundings';
import { clientChecks, clientPreflight } from './upstox';

export type { Check } from './check';

export interface PreflightWorld {
  readonly clock: Clock;
  readonly log: Log;
  readonly calendar: TradingCalendar;
  readonly pause?: Pause;
  /** Where Upstox is; default: where it is. */
  readonly upstox?: UpstoxPlace;
}

/** Everything that can be looked at before the trading day without sending an order, in the order in which a person would put it right. */
export async function preflight(account: AccountConfig, secrets: AccountSecrets, world: PreflightWorld): Promise<readonly Check[]> {
  const { clock, calendar } = world;
  switch (account.broker) {
    case 'paper': return [...(await brokerChecks(account, secrets)), calendarCheck(calendar, clock)];
    case 'openalgo': return [...(await brokerChecks(account, secrets, world)), await clockCheck(account.url, clock), calendarCheck(calendar, clock), ...(await gatewaySurroundings(account, secrets, world))];
    case 'upstox': {
      const { addresses, masterAddress: address } = upstoxPlace(account.mode, world.upstox);
      const keys = openUpstoxKeys({ address, clock, log: world.log });
      return [...(await clientPreflight(account, secrets, { addresses, keys, ...world })), await clockCheck(addresses.reads, clock), calendarCheck(calendar, clock)];
    }
  }
}

/** What a Test button says: the broker is reached, takes the secrets, and is in the mode that the account wants. Never rejects. */
export async function testAccount(account: AccountConfig, secrets: AccountSecrets, more: Pick<PreflightWorld, 'upstox'> = {}): Promise<Outcome<string>> {
  const checks = await brokerChecks(account, secrets, more);
  const wrong = checks.find(({ verdict }) => verdict === 'failed');
  if (wrong === undefined) return ok(checks.map(({ message }) => message).join(' '));
  return deny('NOT_READY', wrong.message, wrong.remedy === undefined ? {} : { remedy: wrong.remedy });
}

function brokerChecks(account: AccountConfig, secrets: AccountSecrets, more: Pick<PreflightWorld, 'pause' | 'upstox'> = {}): Promise<readonly Check[]> {
  switch (account.broker) {
    case 'paper': return Promise.resolve([good('session', `Paper account ${account.id} with ₹${account.capital.toLocaleString('en-IN')} can be used.`)]);
    case 'openalgo': return gatewayChecks(account, secrets, more.pause === undefined ? {} : { pause: more.pause });
    case 'upstox': return clientChecks(account, secrets, { addresses: upstoxPlace(account.mode, more.upstox).addresses, ...(more.pause === undefined ? {} : { pause: more.pause }) });
  }
}
