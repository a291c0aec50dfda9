import { z } from 'zod';
import type { EpochMs } from './time';

/** Who holds an account's stops while it trades live. */
export const ProtectionHolder = z.discriminatedUnion('heldBy', [
  /** The broker takes stops and keeps them. */
  z.object({ heldBy: z.literal('broker') }),
  /** A living process watches prices under the lease of that name: a runtime, or `bellwether guard`. */
  z.object({ heldBy: z.literal('owner'), lease: z.string().min(1), owner: z.string().min(1) }),
]);
export type ProtectionHolder = z.infer<typeof ProtectionHolder>;

/** One change of an account's arming; rows are only ever added. */
export type ArmingChange =
  | {
    readonly kind: 'armed';
    readonly account: string;
    /** Where orders went then, as `clientOf(account)` names it: armed for one gateway or client is not armed for another. */
    readonly client: string;
    /** The person, as the system that asked knows them. */
    readonly by: string;
    readonly protection: ProtectionHolder;
    readonly happenedAt: EpochMs;
    readonly recordedAt: EpochMs;
  }
  | {
    readonly kind: 'disarmed';
    readonly account: string;
    /** What the account was armed for until then. */
    readonly client: string;
    readonly by: string;
    readonly reason: string;
    readonly happenedAt: EpochMs;
    readonly recordedAt: EpochMs;
  };

/** Which accounts may send live orders: who said so, when, on what grounds. It says nothing of paper accounts, which need none. */
export interface ArmingStore {
  /** Arms; armed already, the new grounds replace the old ones, as a row of its own. */
  arm(request: { readonly account: string; readonly client: string; readonly by: string; readonly protection: ProtectionHolder; readonly happenedAt: EpochMs }): Promise<ArmingChange>;
  /** Disarms. One that was never armed, or is disarmed already, stays as it is: then the change that made it so is the answer, if there was one. */
  disarm(request: { readonly account: string; readonly by: string; readonly reason: string; readonly happenedAt: EpochMs }): Promise<ArmingChange | undefined>;
  /** The newest change; undefined for an account that was never armed. */
  state(account: string): Promise<ArmingChange | undefined>;
  /** Newest first; at most `limit`, default 100, at most 10,000. */
  history(request: { readonly account?: string; readonly limit?: number }): Promise<readonly ArmingChange[]>;
}

/** True while entries of that client may go out. */
export function isArmed(arming: ArmingChange | undefined, client: string): boolean {
  return arming?.kind === 'armed' && arming.client === client;
}
