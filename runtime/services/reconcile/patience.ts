import type { Finding } from '../../domain/ledger/difference';
import type { EpochMs } from '../../domain/time';

/** A broker's lists may be so much behind: what has moved more recently is given time. */
export const LIST_LAG_MS = 60_000;
/** Lists that come through one gateway may stand still together: what they prove has to last so long. */
export const ONE_COPY_LAG_MS = 300_000;
/** Where something moves all the time, a finding counts at last. */
export const MOST_PATIENCE_MS = 300_000;

interface Sighting {
  readonly mark: string;
  readonly since: EpochMs;
  readonly looks: number;
}

/** Which findings count. */
export interface Patience {
  /** Takes note of all findings of a look and answers with those that count: seen at two looks running, where nothing has moved lately. `movedAt`: when the journal last had news of what a finding is about. */
  weigh(findings: readonly Finding[], look: { readonly now: EpochMs; readonly movedAt: (finding: Finding) => EpochMs | undefined }): readonly Finding[];
  /** True while a finding is followed that does not count yet. */
  isWaiting(): boolean;
}

/** One look may have caught the two sides between two steps: a difference is one that stays. */
export function createPatience(): Patience {
  let sightings = new Map<string, Sighting>();
  let waiting = false;
  return {
    weigh(findings, { now, movedAt }) {
      const before = sightings;
      sightings = new Map(findings.map((finding) => {
        const known = before.get(finding.key);
        return [finding.key, known?.mark === finding.mark ? { ...known, looks: known.looks + 1 } : { mark: finding.mark, since: known?.since ?? now, looks: 1 }];
      }));
      const counting = findings.filter((finding) => {
        const sighting = sightings.get(finding.key);
        if (sighting === undefined) return false;
        if (now - sighting.since >= MOST_PATIENCE_MS) return true;
        return sighting.looks >= 2 && now - (movedAt(finding) ?? 0) >= LIST_LAG_MS;
      });
      waiting = counting.length < findings.length;
      return counting;
    },
    isWaiting: () => waiting,
  };
}
