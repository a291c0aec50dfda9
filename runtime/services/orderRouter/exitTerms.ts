import { EXIT_LADDER, rungPrice } from '../../domain/chase';
import type { Instrument } from '../../domain/market';
import type { OrderRequest } from '../../domain/nodeContext';
import type { Action } from '../../domain/order';
import { SECOND_MS } from '../../domain/time';
import { newestQuote } from '../marketData/newestQuote';
import type { RouterPorts } from './ports';

/** An older price says nothing of where the market is. */
const FRESH_MS = 5 * SECOND_MS;

/** Terms of an exit that nobody gave terms for: at market, or as a limit order so many steps through the best price of this moment where earlier ones rested. Without a fresh price it is a market order. */
export async function exitTerms(ports: RouterPorts, instrument: Instrument, action: Action, rung = 0): Promise<Pick<OrderRequest, 'orderType' | 'limitPrice'>> {
  const quote = rung === 0 ? undefined : await newestQuote(ports, instrument.key);
  if (quote === undefined || ports.clock.now() - quote.at > FRESH_MS) return { orderType: 'MARKET' };
  return { orderType: 'LIMIT', limitPrice: rungPrice({ action, instrument, anchor: action === 'SELL' ? quote.bid : quote.ask, step: Math.min(rung, EXIT_LADDER.steps), quote }, EXIT_LADDER) };
}
