/** Brand names that are one word in Node-RED's types. */
const BRANDS: readonly (readonly [string, string])[] = [['trading-view', 'tradingview'], ['chart-ink', 'chartink']];

/** The type that Node-RED knows a node by: `placeOrder` is `bellwether-place-order`, `bellwetherAccount` stays `bellwether-account`. */
export function nodeRedType(type: string): string {
  const kebab = type.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const named = BRANDS.reduce((name, [from, to]) => name.replace(from, to), kebab);
  return named.startsWith('bellwether-') ? named : `bellwether-${named}`;
}
