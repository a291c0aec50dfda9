import { z } from 'zod';
import { Exchange } from '../../runtime/domain/market';
import { field } from '../../runtime/hosts/field';

/** Those that most flows want; the others stand under the options. */
const EVENTS = ['accepted', 'filled', 'rejected', 'cancelled', 'unknown', 'stopHit', 'targetHit', 'squareOff', 'dailyLoss', 'killSwitch'] as const;
const MORE_EVENTS = [
  'partiallyFilled', 'modified', 'expired', 'trailMoved', 'reEntry', 'protectionFailed', 'protectionLost',
  'difference', 'external', 'breakerOpened', 'breakerClosed', 'rearmed', 'armed', 'disarmed', 'health',
] as const;
const MAX_SYMBOLS_TEXT = 20_000;
/** A month. */
const MAX_GOOD_FOR_MINUTES = 31 * 24 * 60;

export const OrderEventParams = z.object({
  events: z.array(z.enum(EVENTS)).default(['filled', 'rejected', 'cancelled', 'unknown', 'stopHit', 'targetHit', 'squareOff', 'dailyLoss', 'killSwitch']).register(field, {
    label: 'Events', help: 'What starts the flow. Further kinds are among the options.',
    options: {
      accepted: 'Order Accepted', filled: 'Order Filled', rejected: 'Order Rejected or Refused', cancelled: 'Order Cancelled', unknown: 'Order of Unknown Outcome',
      stopHit: 'Stop Hit', targetHit: 'Target Hit', squareOff: 'Square-Off', dailyLoss: 'Daily-Loss Limit Reached', killSwitch: 'Kill Switch On',
    },
  }),
  scope: z.enum(['any', 'strategy']).default('any').register(field, {
    label: 'Of', options: { any: 'Any Strategy', strategy: 'This Strategy' }, help: 'Whose orders and positions count. What happens to the account as a whole always does.',
  }),
  symbols: z.string().max(MAX_SYMBOLS_TEXT).optional().register(field, { label: 'Symbols', placeholder: 'SBIN, NFO:NIFTY29DEC26FUT', help: 'Separated by commas. Empty means all. What happens to the account as a whole always counts.' }),
  exchange: Exchange.default('NSE').register(field, { label: 'Exchange', help: 'Of symbols that do not name their own.' }),
  ofAccount: z.string().max(40).optional().register(field, { label: 'Account', placeholder: 'paper', help: 'Its account ID. Empty means every account.', section: 'Options' }),
  more: z.array(z.enum(MORE_EVENTS)).default([]).register(field, {
    label: 'More Events', help: 'Kinds that fewer flows want.', section: 'Options',
    options: {
      partiallyFilled: 'Order Partially Filled', modified: 'Order Modified', expired: 'Order Expired', trailMoved: 'Trailing Stop Moved', reEntry: 'Re-Entry',
      protectionFailed: 'Protection Failed', protectionLost: 'Protection Lost', difference: 'Difference From the Broker', external: 'Trade Outside of Bellwether',
      breakerOpened: 'Broker Paused', breakerClosed: 'Broker Back', rearmed: 'Account Re-Armed', armed: 'Armed for Live Orders', disarmed: 'Disarmed', health: 'Process or Prices Troubled',
    },
  }),
  goodForMinutes: z.int().min(0).max(MAX_GOOD_FOR_MINUTES).default(60).register(field, {
    label: 'Good For', unit: 'min', help: 'What happened while this machine was off starts the flow up to this late. 0 means however late.', section: 'Options',
  }),
  maxChain: z.int().min(1).max(20).default(3).register(field, {
    label: 'Longest Chain', help: 'A flow on events may place orders whose events start it again. The chain ends after so many starts.', section: 'Options',
  }),
  signalName: z.string().max(80).optional().register(field, { label: 'Signal Name', placeholder: 'after-fill', help: 'Travels with the item as signal.name.', section: 'Options' }),
});
export type OrderEventParams = z.infer<typeof OrderEventParams>;
