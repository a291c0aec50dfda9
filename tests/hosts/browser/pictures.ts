import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { alertBody } from '../nodeRed/flow';
import { NodeRed, type FlowNode } from '../nodeRed/host';
import { OWNER } from '../n8n/process';
import { alertOf, DEMO_ACCOUNT, KEY, send, startN8n } from '../n8n/session';
import { Chromium, type Theme } from './chromium';
import { N8nEditor } from './n8nEditor';
import { NodeRedEditor } from './nodeRedEditor';

const EXAMPLE = 'TradingView alert to order';
/** The example with an Indicator and a Condition, and their names there. */
const LOOK = 'Look at the market';
const FORMS = [['Averages', 'indicator'], ['Trend', 'condition']] as const;
/** A strategy, its trigger, and what stands under it while it is watched. */
const STRATEGY = 'EMA crossover';
const TRIGGER = 'Enter';
const WATCHING = /watching 1 symbol/;
const THEME = { palette: { categories: ['bellwether', 'common', 'function'] }, tours: false, projects: { enabled: false } };
const ALERT = { symbol: 'SBIN', quantity: 10 } as const;

/** Where pictures go, and the word for one that was taken. */
export interface Album {
  readonly folder: string;
  readonly taken: (file: string) => void;
}

/** Pictures of Node-RED with the flows of the demo, an order having just been filled. */
export async function nodeRedPictures(album: Album, flows: readonly FlowNode[]): Promise<void> {
  const host = await new NodeRed({ flows, settings: { editorTheme: THEME } }).start();
  try {
    await inBothThemes(async (browser, mode) => {
      const editor = new NodeRedEditor(browser.page, host.base);
      await editor.open(mode);
      await editor.showTab(EXAMPLE);
      const trigger = await editor.openForm('TradingView Trigger');
      const url = await trigger.webhookUrl();
      await trigger.cancel();
      await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: alertBody(`picture ${mode}`, ALERT) });
      await editor.status('Alert', /SBIN/);
      await editor.rest();
      await take(album, browser, 'node-red-canvas', mode);
      const form = await editor.openForm('Place Order');
      await take(album, browser, 'node-red-place-order', mode);
      await form.cancel();
    });
  } finally {
    await host.dispose();
  }
}

/** Pictures of Node-RED's forms in the examples that look at the market, the strategy being deployed. */
export async function nodeRedMarketPictures(album: Album): Promise<void> {
  const host = await new NodeRed({ flows: [LOOK, STRATEGY].flatMap(exampleFlow), settings: { editorTheme: THEME } }).start();
  try {
    await inBothThemes(async (browser, mode) => {
      const editor = new NodeRedEditor(browser.page, host.base);
      const form = async (label: string, name: string): Promise<void> => {
        const opened = await editor.openForm(label);
        await browser.page.locator('.bellwether-understood').waitFor();
        await take(album, browser, `node-red-${name}`, mode);
        await opened.cancel();
      };
      await editor.open(mode);
      await editor.showTab(LOOK);
      await editor.rest();
      for (const [label, name] of FORMS) await form(label, name);
      await editor.showTab(STRATEGY);
      await editor.status(TRIGGER, WATCHING);
      await editor.rest();
      await take(album, browser, 'node-red-strategy', mode);
      await form(TRIGGER, 'market-trigger');
    });
  } finally {
    await host.dispose();
  }
}

function exampleFlow(name: string): readonly FlowNode[] {
  return z.array(z.looseObject({ id: z.string(), type: z.string() })).parse(JSON.parse(readFileSync(path.resolve('flows/node-red', `${name}.json`), 'utf8')));
}

/** Pictures of n8n with the shipped flow, an alert having just run through it. */
export async function n8nPictures(album: Album): Promise<void> {
  const session = await startN8n();
  try {
    await session.client.createCredential('Paper account', 'bellwetherAccountApi', { ...DEMO_ACCOUNT, limits: { cooldownSeconds: 0 } });
    await session.client.createCredential('TradingView key', 'bellwetherWebhookApi', { key: KEY });
    await inBothThemes(async (browser, mode) => {
      const editor = new N8nEditor(browser.page, session.host.base);
      await editor.signIn(OWNER);
      await editor.newWorkflow();
      await editor.importFile(path.resolve('flows/n8n', `${EXAMPLE}.json`));
      const trigger = await editor.openPanel('TradingView Trigger');
      await trigger.chooseCredential('TradingView key');
      const url = await trigger.webhookUrl('Test');
      await trigger.close();
      for (const name of ['Risk Gate', 'Place Order']) {
        const panel = await editor.openPanel(name);
        await panel.chooseCredential('Paper account');
        await panel.close();
      }
      await editor.listen();
      await session.client.webhookReady(url);
      await send(url, alertOf(`picture ${mode}`, ALERT));
      await editor.succeeded('Alert');
      await editor.rest();
      await take(album, browser, 'n8n-canvas', mode);
      const panel = await editor.openPanel('Place Order');
      await panel.showOutput('Schema');
      await take(album, browser, 'n8n-place-order', mode);
      await panel.close();
      await editor.newWorkflow();
      await editor.importFile(path.resolve('flows/n8n', `${LOOK}.json`));
      await editor.rest();
      for (const [label, name] of FORMS) {
        const opened = await editor.openPanel(label);
        await opened.shows('Meaning');
        await browser.page.locator('[data-test-id="parameter-input-meaning"]').scrollIntoViewIfNeeded();
        await take(album, browser, `n8n-${name}`, mode);
        await opened.close();
      }
      await editor.newWorkflow();
      await editor.importFile(path.resolve('flows/n8n', `${STRATEGY}.json`));
      await editor.rest();
      await editor.stepBack();
      await take(album, browser, 'n8n-strategy', mode);
      const market = await editor.openPanel(TRIGGER);
      await market.shows('Meaning');
      await take(album, browser, 'n8n-market-trigger', mode);
      await market.close();
    });
  } finally {
    await session.host.dispose();
  }
}

export async function inBothThemes(visit: (browser: Chromium, theme: Theme) => Promise<void>): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    const browser = await Chromium.open(theme);
    try {
      await visit(browser, theme);
    } finally {
      await browser.close();
    }
  }
}

export async function take(album: Album, browser: Chromium, name: string, theme: Theme): Promise<void> {
  const file = path.join(album.folder, `${name}${theme === 'dark' ? '-dark' : ''}.png`);
  await browser.page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
  album.taken(file);
}
