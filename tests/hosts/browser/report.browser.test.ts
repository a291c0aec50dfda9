import type { BacktestResult, Trade } from '../../../runtime/domain/backtest';
import { instrumentKey } from '../../../runtime/domain/market';
import { toMoney } from '../../../runtime/domain/money';
import { indiaTime } from '../../../runtime/domain/session';
import { tearsheet } from '../../../runtime/hosts/report';
import { Chromium, describeInBrowser } from './chromium';

const key = instrumentKey('NSE', 'SBIN');
const FROM = indiaTime('2026-11-02', '09:15');
const HOSTILE = '</script><img src=x onerror="document.title=\'taken over\'">';

/** Sixty trades of an hour each: every third one loses. */
const trades = Array.from({ length: 60 }, (_, index): Trade => {
  const entryTime = FROM + index * 86_400_000;
  const won = index % 3 === 0 ? -30 : 20 + index;
  return {
    strategyId: HOSTILE, instrument: key, product: 'MIS', side: index % 2 === 0 ? 'long' : 'short', quantity: 10, entryTime, entryPrice: toMoney(100), entryReason: { by: 'Buy', because: `value ${index}`, orderId: 'o', signalId: 's' },
    exitTime: entryTime + 3_600_000, exitPrice: toMoney(100 + won / 10), exitReason: { by: index % 5 === 0 ? 'stop' : HOSTILE, orderId: 'p', signalId: 's' }, charges: toMoney(1), pnl: toMoney(won),
  };
});
const length = 60 * 75;
const columns = {
  length, time: Float64Array.from({ length }, (_, index) => FROM + Math.floor(index / 75) * 86_400_000 + (index % 75) * 300_000), open: new Float64Array(length).fill(100), high: new Float64Array(length).fill(102),
  low: new Float64Array(length).fill(99), close: new Float64Array(length).fill(101), volume: new Float64Array(length), session: Float64Array.from({ length }, (_, index) => FROM + Math.floor(index / 75) * 86_400_000),
};
const result: BacktestResult = {
  name: HOSTILE, mode: 'backtest', from: FROM, until: FROM + 60 * 86_400_000, capital: toMoney(10_000), trades, intents: [], orders: [], fills: [],
  equity: { length: 60, at: Float64Array.from(trades, ({ exitTime = 0 }) => exitTime), equity: Float64Array.from(trades, (_, index) => 10_000 + index * 10), exposure: new Float64Array(60) },
  refusals: [{ at: FROM, node: HOSTILE, code: HOSTILE, message: HOSTILE }], alerts: [], lanes: [{ node: HOSTILE, type: HOSTILE, lane: 'compiled' }], warnings: [{ code: 'X', message: HOSTILE, count: 1 }], stoppedEarly: false,
};

describeInBrowser('the page of a result', () => {
  let browser: Chromium;
  const requests: string[] = [];
  beforeAll(async () => {
    browser = await Chromium.open('light');
    browser.page.on('request', (request) => requests.push(request.url()));
    await browser.page.setContent(tearsheet(result, { candles: [{ instrument: { key, exchange: 'NSE', symbol: 'SBIN', segment: 'cash', base: 'SBIN', lotSize: 1 }, timeframeMs: 300_000, columns }] }));
    await browser.page.locator('#trades tbody tr').first().waitFor();
  });
  afterAll(() => browser.close());

  test('opens without an error, asks nobody for anything, and a hostile name stays a name', async () => {
    expect(browser.problems).toEqual([]);
    expect(requests.filter((url) => !url.startsWith('about:'))).toEqual([]);
    expect(await browser.page.locator('h1').textContent()).toBe(HOSTILE);
    expect(await browser.page.title()).not.toBe('taken over');
    expect(await browser.page.locator('img').count()).toBe(0);
    expect(await browser.page.locator('#equity canvas').count()).toBeGreaterThan(0);
    expect(await browser.page.locator('#price canvas').count()).toBeGreaterThan(0);
  });

  test('the list is sorted by a press on a head, searched by words and narrowed by outcome, by keyboard too', async () => {
    const { page } = browser;
    const head = page.locator('#trades th button[data-key=pnl]');
    await head.focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('#trades th[aria-sort=ascending] button').textContent()).toBe('P&L');
    expect(await page.locator('#trades tbody tr td').nth(9).textContent()).toBe('−30.00');
    await head.click();
    expect(await page.locator('#trades tbody tr td').nth(9).textContent()).toBe('79.00');
    await page.locator('#filter').fill('value 7 stop');
    expect(await page.locator('#count').textContent()).toBe('None.');
    await page.locator('#filter').fill('stop');
    await page.locator('#outcome').selectOption('lost');
    expect(await page.locator('#count').textContent()).toBe('4 trades');
    await page.locator('#filter').fill('');
    await page.locator('#outcome').selectOption('');
    expect(await page.locator('#count').textContent()).toBe('60 trades, page 1 of 3');
  });

  test('a trade that is chosen is shown in the chart; longer bars are made of shorter ones', async () => {
    const { page } = browser;
    await page.locator('#timeframe').selectOption({ label: '1 h' });
    await page.locator('#trades tbody tr').nth(1).press('Enter');
    await page.locator('#zoom-in').click();
    expect(await page.locator('#timeframe option').allTextContents()).toEqual(['5 min', '10 min', '15 min', '30 min', '1 h', '1 day', '1 week']);
    expect(browser.problems).toEqual([]);
  });

  test('colours follow the system, or a choice', async () => {
    const { page } = browser;
    const paper = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await paper();
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await paper();
    expect(dark).not.toBe(light);
    await page.locator('#theme').click();
    expect(await paper()).toBe(light);
    await page.locator('#theme').click();
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await paper()).toBe(dark);
    await page.emulateMedia({ media: 'print' });
    expect(await paper()).toBe('rgb(255, 255, 255)');
    await page.emulateMedia({ media: 'screen' });
  });

  test('nothing sticks out of a phone, and on paper the drawing stands for the chart', async () => {
    const { page } = browser;
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.print svg').isVisible()).toBe(true);
    expect(await page.locator('#prices').isVisible()).toBe(false);
    await page.evaluate('dispatchEvent(new Event("beforeprint")), true');
    expect(await page.locator('#trades tbody tr').count()).toBe(60);
  });
});
