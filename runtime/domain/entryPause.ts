import type { EpochMs } from './time';

/** Why entries wait for a while, though no person has switched anything off. Exits pass. */
export interface EntryPause {
  readonly since: EpochMs;
  /** When it is looked at again, at the earliest. */
  readonly until: EpochMs;
  /** For people: one sentence. */
  readonly reason: string;
}
