import { z } from 'zod';
import { field } from '../../runtime/hosts/field';

/** One stock with a quantity of its own. */
const StockQuantity = z.object({
  symbol: z.string().max(60).register(field, { label: 'Symbol', placeholder: 'SBIN' }),
  quantity: z.int().positive().register(field, { label: 'Quantity', unit: 'shares' }),
});

export const ChartInkParams = z.object({
  action: z.enum(['BUY', 'SELL', 'SHORT', 'COVER', 'EXIT', 'EXIT_LONG', 'EXIT_SHORT', 'scanName']).default('BUY').register(field, {
    label: 'Action', options: { BUY: 'Buy', SELL: 'Sell', SHORT: 'Short (sell)', COVER: 'Cover (buy)', EXIT: 'Exit', EXIT_LONG: 'Exit Long', EXIT_SHORT: 'Exit Short', scanName: 'From the Scan’s Name' },
    help: 'ChartInk sends none. Exit closes what the strategy holds, whatever Quantity per Stock says; Sell and Short open a short where nothing is held. From the scan’s name reads the whole words BUY, SELL, SHORT, COVER and EXIT, and refuses a name that is not clear.',
  }),
  exchange: z.enum(['NSE', 'BSE']).default('NSE').register(field, { label: 'Exchange', help: 'ChartInk scans NSE shares.' }),
  product: z.enum(['MIS', 'CNC']).default('MIS').register(field, { label: 'Product', options: { MIS: 'MIS (intraday)', CNC: 'CNC (delivery)' } }),
  quantity: z.int().positive().default(1).register(field, { label: 'Quantity per Stock', unit: 'shares', help: 'Used where the alert says nothing.' }),
  skipHeld: z.boolean().default(true).register(field, { label: 'Skip Held Stocks', help: 'Whether a BUY leaves out stocks that the account already holds.' }),
  maximumSymbols: z.int().min(1).max(500).default(50).register(field, { label: 'Maximum Stocks', help: 'Stocks taken of one alert; the rest is refused one by one.', section: 'Options' }),
  maximumAgeSeconds: z.int().min(1).max(86_400).optional().register(field, { label: 'Maximum Age', unit: 's', help: 'An alert that was triggered earlier is refused as stale. Empty takes every alert of the day.', section: 'Options' }),
  stockQuantities: z.array(StockQuantity).max(200).default([]).register(field, { label: 'Quantities by Stock', help: 'Goes before the quantity per stock.', section: 'Options' }),
});
export type ChartInkParams = z.infer<typeof ChartInkParams>;
