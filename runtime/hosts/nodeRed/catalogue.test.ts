import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bellwetherAccount } from '../../../nodes/BellwetherAccount/definition';
import { bellwetherChannel } from '../../../nodes/BellwetherChannel/definition';
import { alert, approval, approvalTrigger, backtest, chartInkTrigger, condition, cronMarketHours, indicator, marketData, marketTrigger, orderEventTrigger, performance, placeOrder, position, riskGate, tradeLock, tradingViewTrigger } from '../../../nodes';
import { nodeRedCatalogue } from './catalogue';
import { nodeRedHtml } from './html';

const definitions = [tradingViewTrigger, chartInkTrigger, approval, approvalTrigger, backtest, cronMarketHours, marketTrigger, orderEventTrigger, marketData, indicator, condition, riskGate, placeOrder, position, performance, alert, tradeLock, bellwetherAccount, bellwetherChannel];
const cases = definitions.map((definition) => [definition.type, definition] as const);

/** `UPDATE_GOLDEN=1` writes the catalogues anew. */
test.each(cases)('%s has its English catalogue', (type, definition) => {
  const folder = path.resolve(__dirname, '../../../nodes', type.slice(0, 1).toUpperCase() + type.slice(1), 'locales/en-US');
  const file = path.join(folder, `${type}.json`);
  const catalogue = `${JSON.stringify(nodeRedCatalogue(definition), undefined, 2)}\n`;
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, catalogue);
  }
  expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toBe(catalogue);
});

test.each(cases)('every text of %s\'s form is in its catalogue', (_type, definition) => {
  const catalogue: unknown = nodeRedCatalogue(definition);
  const keys = [...nodeRedHtml(definition, { help: '' }).matchAll(/data-i18n="(?:\[\w+\])?([^"]+)"/g)].map((match) => match[1] ?? '');
  expect(keys.length).toBeGreaterThan(2);
  const missing = keys.filter((key) => typeof at(catalogue, key.split('.')) !== 'string');
  expect(missing).toEqual([]);
});

function at(value: unknown, names: readonly string[]): unknown {
  return names.reduce<unknown>((inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined), value);
}
