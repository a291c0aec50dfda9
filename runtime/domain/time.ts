/** Milliseconds since 1970-01-01T00:00:00Z. Every time in the runtime is one; zones appear only where a calendar or a person is met. */
export type EpochMs = number;

/** A calendar day `YYYY-MM-DD` in the exchange's zone. */
export type IsoDate = string;

/** India's exchanges live in one zone without daylight saving. */
export const INDIA_ZONE = 'Asia/Kolkata';

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * 60 * MINUTE_MS;
