import { fromMoney, asMoney } from '../../domain/money';
import { unrealisedPnl } from '../../domain/position';
import type { RiskStateRow } from '../../domain/ports';
import { lossLimitOf } from '../riskGate/rules';
import type { RoutedAccount, RouterPorts } from '../orderRouter/ports';

export type LossVerdict =
  | { readonly kind: 'within' }
  | { readonly kind: 'reached'; readonly loss: number; readonly limit: number }
  /** A price that is too old proves no loss: entries are refused by the gate, and nothing is closed in panic. */
  | { readonly kind: 'unknown'; readonly instrument: string };

/** Whether the day's loss, realised and open, charges included, has reached the account's own limit. In rupees. */
export async function judgeLoss(ports: Pick<RouterPorts, 'store' | 'market' | 'clock'>, { config, sessions }: RoutedAccount, state: RiskStateRow): Promise<LossVerdict> {
  const now = ports.clock.now();
  let pnl = state.tradingDay === sessions.tradingDay(now) ? state.realisedToday : 0;
  for (const position of await ports.store.positions({ account: config.id, openOnly: true })) {
    const quote = ports.market.latest(position.instrument);
    if (quote === undefined || now - quote.at > config.limits.maxQuoteAgeMs) return { kind: 'unknown', instrument: position.instrument };
    pnl += unrealisedPnl(position, quote.last);
  }
  const loss = -fromMoney(asMoney(pnl));
  const limit = lossLimitOf({ account: config }, config.limits);
  return loss >= limit ? { kind: 'reached', loss, limit } : { kind: 'within' };
}
