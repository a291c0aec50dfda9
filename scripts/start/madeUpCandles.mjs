/** Prices for demos and pictures. Types: madeUpCandles.d.mts. */

const [FIRST_PRICE, CANDLES_A_DAY, MINUTES] = [800, 75, 5];
/** The file says it of itself: every report over it begins with this. */
const NOTE = '# These prices are made up: a walk without memory from a fixed seed. What comes of them says nothing of a market, and nothing of a strategy.';
const OPENS_AT = 9 * 60 + 15;

/**
 * Five-minute candles of the given days (`2026-06-29`) as CSV, times of India: a walk without memory from a fixed seed, on the tick of a share. They are
 * nobody's prices, and there is nothing in them to win by.
 */
export function madeUpCandles(days) {
  let seed = 11;
  const chance = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647 - 0.5;
  let price = FIRST_PRICE;
  const rows = [NOTE, 'time,open,high,low,close,volume'];
  for (const day of days) {
    for (let candle = 0; candle < CANDLES_A_DAY; candle += 1) {
      const open = price;
      price *= 1 + chance() * 0.0034;
      const wick = Math.abs(chance()) * price * 0.001;
      const prices = [open, Math.max(open, price) + wick, Math.min(open, price) - wick, price].map(onTick);
      rows.push([`${day} ${timeOfDay(OPENS_AT + candle * MINUTES)}`, ...prices, 100_000].join(','));
    }
  }
  return `${rows.join('\n')}\n`;
}

/** As NSE grades the ticks of shares; the walk comes nowhere near the other bands. */
function onTick(price) {
  const ticksARupee = price < 250 ? 100 : price <= 1_000 ? 20 : 10;
  return (Math.round(price * ticksARupee) / ticksARupee).toFixed(2);
}

function timeOfDay(minutes) {
  const two = (value) => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
