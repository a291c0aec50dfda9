import { createHash } from 'node:crypto';

/** The same flow gives the same ids each time, and two flows different ones. */
export function redId(...parts: readonly string[]): string {
  return digest(parts).slice(0, 16);
}

/** In the form of a UUID, as n8n's editor makes them. */
export function n8nId(...parts: readonly string[]): string {
  const hex = digest(parts);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
