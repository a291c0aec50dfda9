import { openAlgoClient, type OpenAlgoClient } from '../adapters/brokers/openalgo/client';
import { readGatewayState, type GatewayState } from '../adapters/brokers/openalgo/gatewayState';
import { FundsAnswer } from '../adapters/brokers/openalgo/schema';
import { withoutSecret } from '../adapters/system/redact';
import { openAlgoSource } from '../adapters/ticks/openalgo/openAlgoSource';
import { secretOf, type AccountSecrets, type OpenAlgoAccount } from '../domain/account';
import type { Clock, Log, Pause } from '../domain/ports';
import { failed, good, warning, type Check } from './check';

const NAMES = { live: 'live', analyze: 'analyzer (sandbox)', semi_auto: 'semi-auto', unknown: 'unknown' } as const;
const SET_MODE = { live: 'Switch the analyzer off in OpenAlgo, or set the account to Analyzer.', analyze: 'Switch the analyzer on in OpenAlgo, or set the account to Live.' } as const;

/** What the gateway says of itself: reached, session, mode, funds. Nothing is ordered. */
export async function gatewayChecks(account: OpenAlgoAccount, secrets: AccountSecrets, { pause }: { readonly pause?: Pause } = {}): Promise<readonly Check[]> {
  const key = secretOf(account, secrets, 'apiKey');
  if (!key.ok) return [failed('session', key.denial)];
  const client = openAlgoClient({ url: account.url, apiKey: key.value, attempts: 2, ...(pause === undefined ? {} : { pause }) });
  const state = await readGatewayState(client);
  if (state.session !== 'ok') return [failed('session', state.denial ?? { message: 'OpenAlgo can not be asked.', remedy: 'See that it runs and that the address is right.' })];
  return [
    good('session', `OpenAlgo at ${new URL(account.url).host} answers${state.broker === undefined ? '' : ` for ${state.broker}`}; the broker's session ends every day.`),
    modeCheck(account, state), await fundsCheck(client),
  ];
}

function modeCheck({ mode: wanted }: OpenAlgoAccount, { mode, denial }: GatewayState): Check {
  if (mode === 'semi_auto') return denial === undefined ? failed('mode', { message: 'OpenAlgo is in semi-auto mode.' }) : failed('mode', denial);
  if (mode !== wanted) return failed('mode', { message: `OpenAlgo is ${NAMES[mode]}; the account is for ${NAMES[wanted]}. No order leaves.`, remedy: SET_MODE[wanted] });
  return good('mode', `OpenAlgo is ${NAMES[mode]}, as the account says.`);
}

async function fundsCheck(client: OpenAlgoClient): Promise<Check> {
  const funds = await client.read('funds', {}, FundsAnswer);
  if (!funds.ok) return failed('funds', funds.denial);
  const { availablecash: available, utiliseddebits: used } = funds.value.data;
  const words = `₹${available.toLocaleString('en-IN')} available, ₹${used.toLocaleString('en-IN')} used.`;
  return available > 0 ? good('funds', words) : warning('funds', words, 'Add funds, or expect every entry to be refused.');
}

/** What a person may have set up wrongly around the gateway: its feed, the way to it, the address that its orders come from. */
export async function gatewaySurroundings(account: OpenAlgoAccount, secrets: AccountSecrets, { clock, log }: { readonly clock: Clock; readonly log: Log }): Promise<readonly Check[]> {
  return [await feedCheck(account, secrets, { clock, log }), ...wayChecks(account)];
}

async function feedCheck({ webSocketUrl: url, ...account }: OpenAlgoAccount, secrets: AccountSecrets, { clock, log }: { readonly clock: Clock; readonly log: Log }): Promise<Check> {
  if (url === undefined) return warning('feed', 'The account names no WebSocket address: news of orders are read from lists, up to ten seconds late.', 'Fill in the WebSocket URL of OpenAlgo.');
  const key = secretOf(account, secrets, 'apiKey');
  if (!key.ok) return failed('feed', key.denial);
  const source = openAlgoSource({ url, apiKey: key.value, clock, log });
  try {
    const connection = await source.connect({ tick: () => undefined, heard: () => undefined, lost: () => undefined });
    if (!connection.ok) return failed('feed', connection.denial);
    await connection.value.close();
    return good('feed', 'The WebSocket takes the key.');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return failed('feed', { message: `The WebSocket does not answer: ${withoutSecret(why, key.value)}.`, remedy: 'See that OpenAlgo\'s WebSocket proxy runs (port 8765) and that the address is right.' });
  } finally {
    await source.close();
  }
}

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i;

function wayChecks({ url, mode }: OpenAlgoAccount): readonly Check[] {
  const { protocol, hostname } = new URL(url);
  const open = protocol === 'http:' && !LOOPBACK.test(hostname) ? [warning('way', `The key travels to ${hostname} unencrypted.`, 'Put OpenAlgo behind https, or reach it over a private network.')] : [];
  // Brokers take orders from a registered address only; the gateway tells nobody which one it comes from.
  return mode === 'live' ? [...open, warning('address', 'OpenAlgo does not tell from which address its orders reach the broker.', 'See that the static IP of OpenAlgo\'s machine is registered with the broker.')] : open;
}
