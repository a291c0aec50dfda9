import type { UpstoxAddresses } from '../adapters/brokers/upstox/addresses';
import { upstoxClient } from '../adapters/brokers/upstox/client';
import type { UpstoxKeys } from '../adapters/brokers/upstox/instrumentKeys';
import { fundsOf, readPreflight } from '../adapters/brokers/upstox/preflight';
import { FundsData } from '../adapters/brokers/upstox/schema';
import { createSessionKeeper } from '../adapters/brokers/upstox/sessionKeeper';
import { secretOf, type AccountSecrets, type UpstoxAccount } from '../domain/account';
import { fromMoney } from '../domain/money';
import type { Funds, Log, Pause } from '../domain/ports';
import { failed, good, warning, type Check } from './check';

interface UpstoxSide {
  readonly addresses: UpstoxAddresses;
  readonly pause?: Pause;
}

const ENDS = 'a token ends every night, about 03:30 in India.';

/** Whether Upstox takes the token, and what the funds are. The sandbox answers nothing of the kind. */
export async function clientChecks(account: UpstoxAccount, secrets: AccountSecrets, { addresses, pause }: UpstoxSide): Promise<readonly Check[]> {
  const token = secretOf(account, secrets, 'accessToken');
  if (!token.ok) return [failed('session', token.denial)];
  if (account.mode === 'sandbox') return [SANDBOX];
  const client = upstoxClient({ addresses, accessToken: token.value, attempts: 2, ...(pause === undefined ? {} : { pause }) });
  const funds = await client.read('/v3/user/get-funds-and-margin', FundsData);
  return funds.ok ? [good('session', `Upstox takes the token; ${ENDS}`), fundsCheck(fundsOf(funds.value))] : [failed('session', funds.denial)];
}

/** Everything that Upstox tells before the first order of a day. */
export async function clientPreflight(account: UpstoxAccount, secrets: AccountSecrets, { addresses, pause, keys, log }: UpstoxSide & { readonly keys: UpstoxKeys; readonly log: Log }): Promise<readonly Check[]> {
  const token = secretOf(account, secrets, 'accessToken');
  if (!token.ok) return [failed('session', token.denial)];
  const client = upstoxClient({ addresses, accessToken: token.value, attempts: 2, ...(pause === undefined ? {} : { pause }) });
  const seen = await readPreflight({ client, keys, session: createSessionKeeper({ account: account.id, mode: account.mode, log }) });
  const { session, denial, funds, staticAddresses, feed, instruments, problems } = seen;
  const names = instruments === undefined ? warning('instruments', 'Upstox\' list of instruments could not be read.', 'Orders need it: see that this machine reaches assets.upstox.com.') : good('instruments', `${instruments} instruments have a name at Upstox.`);
  if (account.mode === 'sandbox') return [SANDBOX, names];
  if (session !== 'ok') return [failed('session', denial ?? problems[0] ?? { message: 'Upstox can not be asked.' }), names];
  return [
    good('session', `Upstox takes the token; ${ENDS}`), ...(funds === undefined ? [] : [fundsCheck(funds)]), addressCheck(staticAddresses),
    feed === true ? good('feed', 'The feed of prices may be opened.') : failed('feed', problems[staticAddresses?.length === 0 ? 1 : 0] ?? { message: 'The feed of prices may not be opened.', remedy: 'See that the account\'s plan has market data.' }), names,
  ];
}

const SANDBOX: Check = { name: 'session', verdict: 'warning', message: 'Upstox\' sandbox takes orders and tells nothing: whether it takes the token, only an order shows.', remedy: 'Try one order.' };

function fundsCheck({ available, used }: Funds): Check {
  const words = `₹${fromMoney(available).toLocaleString('en-IN')} available, ₹${fromMoney(used).toLocaleString('en-IN')} used.`;
  return fromMoney(available) > 0 ? good('funds', words) : warning('funds', words, 'Add funds, or expect every entry to be refused.');
}

/** Upstox tells which addresses are registered, and not which one it sees. */
function addressCheck(addresses: readonly string[] | undefined): Check {
  if (addresses === undefined) return warning('address', 'Upstox does not tell which fixed addresses are registered.', 'See that this machine\'s is one of them.');
  if (addresses.length === 0) return failed('address', { message: 'No fixed address is registered with Upstox: it refuses orders of programs from anywhere else.', remedy: 'Register this machine\'s fixed address in the developer console of Upstox, then log in again.' });
  return good('address', `Upstox takes orders from ${addresses.join(' and ')}; whether this machine has that address, only an order shows.`);
}
