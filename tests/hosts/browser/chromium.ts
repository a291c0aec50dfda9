import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { describeWhere } from '../describeWhere';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--font-render-hinting=none'];
const PATIENCE_MS = 30_000;

/** The size of every picture and every test. */
export const VIEWPORT = { width: 1440, height: 900 } as const;

export type Theme = 'light' | 'dark';

/** Where the machine has a chromium; undefined where it has none. `CHROMIUM` names another one. */
export function chromiumPath(): string | undefined {
  return [process.env['CHROMIUM'] ?? '', ...PLACES].find((place) => place !== '' && existsSync(place));
}

/** Describes tests that need a browser. */
export function describeInBrowser(name: string, tests: () => void): void {
  describeWhere({ isHere: chromiumPath() !== undefined, missing: `There is no chromium at ${PLACES.join(', ')}: install one (apt-get install chromium) or name it in CHROMIUM.` }, name, tests);
}

/** One window of a real browser that reaches this machine only and remembers what went wrong in its pages. */
export class Chromium {
  /** Uncaught exceptions and logged errors of the pages, in their own words. */
  readonly problems: string[] = [];

  private constructor(readonly page: Page, private readonly browser: Browser) {
    page.on('pageerror', (error) => this.problems.push(error.message));
    page.on('console', (message) => {
      const isOutside = message.text().includes('net::ERR_FAILED') || message.text().includes('net::ERR_BLOCKED_BY_CLIENT');
      if (message.type() === 'error' && !isOutside) this.problems.push(`${message.text()} (${message.location().url})`);
    });
  }

  static async open(theme: Theme = 'light'): Promise<Chromium> {
    const executablePath = chromiumPath();
    if (executablePath === undefined) throw new Error('There is no chromium.');
    const browser = await chromium.launch({ executablePath, headless: true, args: ARGUMENTS });
    const context = await browser.newContext({ viewport: VIEWPORT, deviceScaleFactor: 1, colorScheme: theme });
    context.setDefaultTimeout(PATIENCE_MS);
    await context.route((url) => url.hostname !== '127.0.0.1', (route) => route.abort());
    return new Chromium(await context.newPage(), browser);
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}
