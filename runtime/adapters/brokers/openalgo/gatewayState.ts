import type { Denial } from '../../../domain/denial';
import type { OpenAlgoClient } from './client';
import { isSemiAuto, isSessionRefused } from './denials';
import { AnalyzerAnswer, PingAnswer } from './schema';

/**
 * What becomes of an order. live: the broker gets it. analyze: the gateway's sandbox does; it is a switch of the whole server. semi_auto: it waits for a person,
 * and no program may cancel or change orders, so that a kill switch can not work.
 */
export type GatewayMode = 'live' | 'analyze' | 'semi_auto' | 'unknown';

/** What is known of the gateway. */
export interface GatewayState {
  readonly mode: GatewayMode;
  /** refused: the key is wrong or the broker's session of the day is over, and a person must log in. */
  readonly session: 'ok' | 'refused' | 'unreachable' | 'unknown';
  /** The broker behind the gateway, by the gateway's name for it. */
  readonly broker?: string;
  /** Why it is not well, and what to do. */
  readonly denial?: Denial;
}

/** An order id that no broker gives. */
const NO_ORDER = '0';

/**
 * Asks the gateway what it would do with an order, without sending one. Semi-auto shows itself only in what it forbids, so the live gateway is asked to cancel
 * an order that does not exist: it refuses either way, and says why.
 */
export async function readGatewayState(client: OpenAlgoClient): Promise<GatewayState> {
  const analyzer = await client.read('analyzer', {}, AnalyzerAnswer);
  if (!analyzer.ok) return { mode: 'unknown', session: analyzer.denial.code === 'WRONG_SECRET' ? 'refused' : 'unreachable', denial: analyzer.denial };
  const ping = await client.read('ping', {}, PingAnswer);
  const broker = ping.ok && ping.value.data.broker !== undefined ? { broker: ping.value.data.broker } : {};
  if (analyzer.value.data.analyze_mode) return { mode: 'analyze', session: 'ok', ...broker };
  const probe = await client.command('cancelorder', { strategy: 'bellwether-preflight', orderid: NO_ORDER });
  if (isSemiAuto(probe)) return { mode: 'semi_auto', session: 'ok', ...broker, denial: SEMI_AUTO };
  if (isSessionRefused(probe)) return { mode: 'live', session: 'refused', ...broker, denial: { code: 'WRONG_SECRET', message: 'OpenAlgo refuses the key, or the broker\'s session of today is over.', field: 'apiKey', remedy: 'Log in to the broker in OpenAlgo.' } };
  // Whatever else it says, or fails to say, about an order that does not exist: it did not keep its hands off.
  return { mode: 'live', session: 'ok', ...broker };
}

export const SEMI_AUTO: Denial = {
  code: 'NOT_SUPPORTED', message: 'OpenAlgo is in semi-auto mode: every order waits for a person, and no program may cancel one, so a kill switch can not work.', remedy: 'Switch OpenAlgo to auto mode.',
};
