import { z } from 'zod';
import { OrderAction } from '../../runtime/domain/direction';
import { Exchange } from '../../runtime/domain/market';
import { OrderType, Product } from '../../runtime/domain/order';
import { field } from '../../runtime/hosts/field';
import { ACTION_LABELS } from '../orderFields';

/** The addresses that TradingView publishes for its webhooks. */
export const TRADINGVIEW_ADDRESSES = ['52.89.214.238', '34.212.75.30', '54.218.53.128', '52.32.178.7'] as const;

const SAID = 'Used where the alert says nothing.';

export const TradingViewParams = z.object({
  exchange: Exchange.default('NSE').register(field, { label: 'Default Exchange', help: SAID }),
  product: Product.default('MIS').register(field, { label: 'Default Product', help: SAID, options: { CNC: 'CNC (delivery)', MIS: 'MIS (intraday)', NRML: 'NRML (carry forward)' } }),
  quantity: z.int().positive().optional().register(field, { label: 'Default Quantity', unit: 'units', help: `${SAID} Empty leaves it to the nodes that follow.`, placeholder: '10' }),
  targetMode: z.boolean().default(false).register(field, { label: 'Target Mode', help: 'Whether a signed position size in the alert is the position wanted. It then wins over a quantity, and a missed alert repairs itself with the next one.' }),
  messages: z.enum(['deliver', 'order', 'refuse']).default('deliver').register(field, {
    label: 'Text Alerts', options: { deliver: 'Pass On as Message', order: 'Trade One Symbol', refuse: 'Refuse' },
    help: 'What a text that is no order line becomes. An order line such as BUY SBIN 10 is always read.',
  }),
  messageSymbol: z.string().max(60).optional().register(field, { label: 'Symbol', help: 'Traded on every text alert.', placeholder: 'SBIN', showWhen: { messages: ['order'] } }),
  messageAction: OrderAction.default('BUY').register(field, { label: 'Action', options: ACTION_LABELS, help: 'Taken on every text alert. An exit closes what the strategy holds.', showWhen: { messages: ['order'] } }),
  orderType: OrderType.default('MARKET').register(field, { label: 'Default Order Type', help: SAID, section: 'Options' }),
  maximumAgeSeconds: z.int().min(1).max(86_400).default(300).register(field, { label: 'Maximum Age', unit: 's', help: 'An alert whose own time is older is refused as stale.', section: 'Options' }),
  repeatWindowSeconds: z.int().min(1).max(86_400).default(60).register(field, { label: 'Repeat Window', unit: 's', help: 'An alert without an ID counts as a repeat when the same content came within this time.', section: 'Options' }),
  senders: z.enum(['any', 'tradingView', 'listed']).default('any').register(field, {
    label: 'Allowed Senders', options: { any: 'Anyone With the URL', tradingView: 'TradingView’s Servers', listed: 'These Addresses' },
    help: 'Behind a proxy the host has to trust the proxy, else every call has the proxy’s address.', section: 'Options',
  }),
  addresses: z.string().max(2_000).optional().register(field, { label: 'Addresses', help: 'Comma-separated.', placeholder: '203.0.113.7', section: 'Options', showWhen: { senders: ['listed'] } }),
});
export type TradingViewParams = z.infer<typeof TradingViewParams>;

/** Who may call. An empty list of one's own lets nobody in: a half-made setting must not be an open door. */
export function allowedAddresses({ senders, addresses = '' }: TradingViewParams): readonly string[] | undefined {
  switch (senders) {
    case 'any': return undefined;
    case 'tradingView': return TRADINGVIEW_ADDRESSES;
    case 'listed': return addresses.split(/[\s,]+/).filter((address) => address !== '');
  }
}
