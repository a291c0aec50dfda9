import { z } from 'zod';
import { deny, ok, type Outcome } from '../../runtime/domain/denial';
import type { ProtectionTerms } from '../../runtime/domain/protection';
import type { ReEntryTerms } from '../../runtime/domain/reEntry';
import { MINUTE_MS } from '../../runtime/domain/time';
import { field } from '../../runtime/hosts/field';
import type { Params } from './params';

const MAX_RE_ENTRIES = 100;
const DAY_MINUTES = 1_440;

/** How often, and when, a strategy may enter a symbol again on one day. */
export const reEntryFields = {
  reEntryGroup: z.string().trim().max(40).optional().register(field, { label: 'Re-Entry Group', placeholder: '1', help: 'Any name. Entries of a group are counted by strategy, symbol and day. Empty counts nothing.', section: 'Re-Entry' }),
  maxReEntries: z.int().min(0).max(MAX_RE_ENTRIES).default(1).register(field, { label: 'Max Re-Entries', help: 'Entries after the first one of the day; the next is refused.', section: 'Re-Entry' }),
  reEntryCooldownMinutes: z.number().min(0).max(DAY_MINUTES).default(0).register(field, { label: 'Re-Entry Cool-Down', unit: 'min', help: 'Shortest time since the last entry or exit of the group.', section: 'Re-Entry' }),
  reEntryAtCost: z.boolean().default(false).register(field, { label: 'Tell When Back at Cost', help: 'Whether to watch the price after a stop: an Order Event Trigger hears of Re-Entry when it is back at the entry. Needs a stop or trailing stop.', section: 'Re-Entry' }),
};

/** The group an order counts towards; undefined where none is named. */
export function reEntryOf({ reEntryGroup: group, maxReEntries: maximum, reEntryCooldownMinutes, reEntryAtCost: atCost }: Pick<Params, keyof typeof reEntryFields>, protection: ProtectionTerms | undefined): Outcome<ReEntryTerms | undefined> {
  if (group === undefined || group === '') return atCost ? deny('MISSING_FIELD', 'A re-entry at cost has no group.', { field: 'reEntryGroup', remedy: 'Name one: any word or number.' }) : ok(undefined);
  if (atCost && protection?.stop === undefined && protection?.trailing === undefined) {
    return deny('MISSING_FIELD', 'A re-entry at cost follows a stop, and the order has none.', { field: 'stop', remedy: 'Set a stop or a trailing stop, or switch "Tell When Back at Cost" off.' });
  }
  return ok({ group, maximum, cooldownMs: Math.round(reEntryCooldownMinutes * MINUTE_MS), atCost });
}
