import { judgeTouch } from '../../domain/reEntry';
import { MINUTE_MS } from '../../domain/time';
import { refusal, type Rule } from './rule';

/** Entries of a group are counted by day, strategy and instrument; an order without a group is none of this rule's business. */
export const reEntry: Rule = {
  name: 're-entry', entriesOnly: true,
  check({ reEntry: terms, state: { reEntries }, instrument, now }) {
    if (terms === undefined) return undefined;
    if (reEntries === undefined) throw new Error(`the entries of group ${terms.group} were not read`);
    const verdict = judgeTouch(terms, reEntries, now);
    switch (verdict.kind) {
      case 'free': return undefined;
      case 'spent': return refusal('RE_ENTRY_LIMIT', `This would be re-entry ${reEntries.entries} of the day in ${instrument.key}, group ${terms.group}; ${terms.maximum} are allowed.`, {
        limit: terms.maximum, value: reEntries.entries, remedy: 'Wait for the next trading day, or raise the maximum in Place Order.',
      });
      case 'cooling': return refusal('RE_ENTRY_LIMIT', `Group ${terms.group} in ${instrument.key} last traded ${(verdict.passedMs / MINUTE_MS).toFixed(1)} minutes ago; ${terms.cooldownMs / MINUTE_MS} must pass before a re-entry.`, {
        limit: terms.cooldownMs, value: verdict.passedMs, remedy: 'Wait, or shorten the cool-down in Place Order.',
      });
    }
  },
};
