import { MINUTE_MS } from '../../domain/time';

/** Every bound of the way in. A stranger can reach each of them, so none is infinite. */
export interface IngressLimits {
  /** Largest body in bytes. A host that cuts bodies off must cut at this size or above it, never below: a cut body has to be refused. */
  readonly maxBodyBytes: number;
  /** Longest text alert in characters. */
  readonly maxTextLength: number;
  readonly maxDepth: number;
  /** Keys and list entries of one JSON body, all levels together. */
  readonly maxValues: number;
  /** Calls that are being worked on at one time; more are answered 429. */
  readonly maxInFlight: number;
  /** Bodies of those calls together. */
  readonly maxInFlightBytes: number;
  /** Wrong keys of one source for one trigger, within a window, until it is locked out. */
  readonly maxWrongSecrets: number;
  readonly lockoutWindowMs: number;
  readonly lockoutMs: number;
  /** Sources remembered; the oldest is forgotten first. */
  readonly maxSources: number;
}

export const INGRESS_LIMITS: IngressLimits = {
  maxBodyBytes: 128 * 1_024,
  maxTextLength: 10_000,
  maxDepth: 16,
  maxValues: 5_000,
  maxInFlight: 2_000,
  maxInFlightBytes: 64 * 1_024 * 1_024,
  maxWrongSecrets: 10,
  lockoutWindowMs: MINUTE_MS,
  lockoutMs: 5 * MINUTE_MS,
  maxSources: 10_000,
};
