const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const SHAPE = /^([1-9]\d{0,3})(m|min|h|hour|d|day|w|week)$/i;

type Unit = keyof typeof UNIT_MS;
const UNITS: Readonly<Record<string, Unit>> = { m: 'm', min: 'm', h: 'h', hour: 'h', d: 'd', day: 'd', w: 'w', week: 'w' };

/** The canonical text of a duration: `15MIN` is `15m`, `1Hour` is `1h`; `60m` stays as it is. Undefined for anything else. */
export function readTimeframe(text: string): string | undefined {
  const [, count = '', word = ''] = SHAPE.exec(text) ?? [];
  const unit = UNITS[word.toLowerCase()];
  return unit === undefined ? undefined : `${count}${unit}`;
}

/** The nominal length of a duration in milliseconds, used to order timeframes only. Infinity for a text that is none. */
export function timeframeMs(text: string): number {
  const canonical = readTimeframe(text);
  if (canonical === undefined) return Infinity;
  const unit = UNITS[canonical.slice(-1)];
  return unit === undefined ? Infinity : Number(canonical.slice(0, -1)) * UNIT_MS[unit];
}
