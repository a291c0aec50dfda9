import { z } from 'zod';
import { AccountConfig, PaperAccount } from '../../runtime/domain/account';
import { RiskLimits } from '../../runtime/domain/risk';
import { SECOND_MS } from '../../runtime/domain/time';
import { field } from '../../runtime/hosts/field';
import { defineConfig } from '../../runtime/hosts/nodeRed/config';

const account = PaperAccount.shape;
const limits = RiskLimits.shape;
const section = 'Limits';

const AccountForm = z.object({
  // `id` is Node-RED's own property of every node.
  accountId: account.id.clone().register(field, { label: 'Account', help: 'Name of the account in the journal, on orders and positions.' }),
  capital: account.capital.clone().register(field, { label: 'Capital', unit: '₹', help: 'Paper money to start with; percentages of the limits refer to it.' }),
  marketHours: account.marketHours.clone().register(field, {
    label: 'Market Hours', options: { exchange: 'As the Exchange', always: 'Always Open' },
    help: 'Always open lets a paper account trade at any hour, for trying things out.',
  }),
  maxOrderQuantity: limits.maxOrderQuantity.clone().register(field, { label: 'Max Order Quantity', unit: 'units', help: 'Largest quantity of one order.', section }),
  maxOrderValuePercent: limits.maxOrderValuePercent.clone().register(field, { label: 'Max Order Value', unit: '% of capital', help: 'Largest value of one order.', section }),
  priceCollarPercent: limits.priceCollarPercent.clone().register(field, { label: 'Price Collar', unit: '%', help: 'How far an order’s price may lie from the last price.', section }),
  maxPosition: limits.maxPosition.clone().register(field, { label: 'Max Position', unit: 'units', help: 'Largest position of one strategy in one instrument.', section }),
  maxSymbolExposure: limits.maxSymbolExposure.clone().register(field, { label: 'Max Symbol Exposure', unit: 'units', help: 'Largest position of the whole account in one instrument.', section }),
  maxOpenPositions: limits.maxOpenPositions.clone().register(field, { label: 'Max Open Positions', unit: 'instruments', help: 'Instruments with a position or a pending entry at one time.', section }),
  maxDailyOrders: limits.maxDailyOrders.clone().register(field, { label: 'Max Daily Orders', unit: 'orders', help: 'Orders of one exchange day.', section }),
  maxDailyLossPercent: limits.maxDailyLossPercent.clone().register(field, { label: 'Max Daily Loss', unit: '% of capital', help: 'Realised and unrealised; entries stop until the account is re-armed.', section }),
  maxQuoteAgeSeconds: z.number().positive().max(3_600).default(RiskLimits.parse({}).maxQuoteAgeMs / SECOND_MS).register(field, { label: 'Max Quote Age', unit: 's', help: 'Oldest price an entry may be judged by.', section }),
  cooldownSeconds: z.number().nonnegative().max(604_800).default(RiskLimits.parse({}).cooldownMs / SECOND_MS).register(field, { label: 'Cool-Down', unit: 's', help: 'Shortest time between two entries of a strategy in one symbol; 0 switches it off.', section }),
});

/** Node-RED's account: id, paper capital, market hours and risk limits, shared by the nodes that point to it. */
export const bellwetherAccount = defineConfig({
  type: 'bellwetherAccount',
  title: 'Bellwether Account',
  description: 'A paper account with its capital, market hours and risk limits',
  version: 1,
  params: AccountForm,
});

/** The form's values as an account of the domain. */
export function accountOf({ accountId: id, capital, marketHours, maxQuoteAgeSeconds, cooldownSeconds, ...rest }: z.infer<typeof AccountForm>): AccountConfig {
  const inMs = { maxQuoteAgeMs: Math.round(maxQuoteAgeSeconds * SECOND_MS), cooldownMs: Math.round(cooldownSeconds * SECOND_MS) };
  return AccountConfig.parse({ id, capital, marketHours, limits: { ...rest, ...inMs } });
}
