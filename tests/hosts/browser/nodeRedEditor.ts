import type { Locator, Page } from 'playwright-core';
import type { Theme } from './chromium';
import { NodeRedForm } from './nodeRedForm';
import type { PageElement } from './pageElement';

declare const localStorage: { setItem(key: string, value: string): void };

/** A tab is shown at once or not at all. */
const TAB_PATIENCE_MS = 5_000;
const TAB_TRIES = 4;

/** What the palette shows of a node type. */
export interface PaletteNode {
  readonly type: string;
  readonly label: string;
  /** Address of the icon; empty where the palette has none. */
  readonly icon: string;
}

const DIALOG = '#red-ui-clipboard-dialog';

/** Node-RED's editor as a person uses it: through what is on the screen. */
export class NodeRedEditor {
  constructor(readonly page: Page, private readonly base: string) {}

  /** Loads the editor and resolves when its nodes are there. The theme is Node-RED's own setting, kept in the browser. */
  async open(theme: Theme = 'light'): Promise<void> {
    await this.page.addInitScript((chosen) => localStorage.setItem('view-dark-theme', chosen), theme);
    await this.page.goto(this.base);
    await this.page.locator('#red-ui-palette-bellwether .red-ui-palette-node').first().waitFor({ state: 'attached' });
    await this.page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
  }

  /** The nodes of one category, top to bottom. */
  async palette(category: string): Promise<readonly PaletteNode[]> {
    return this.page.locator(`#red-ui-palette-${category} .red-ui-palette-node`).evaluateAll((nodes: readonly PageElement[]): PaletteNode[] => nodes.map((node) => ({
      type: node.getAttribute('data-palette-type') ?? '',
      label: (node.querySelector('.red-ui-palette-label')?.textContent ?? '').replace(/\s+/g, ' ').trim(),
      icon: node.querySelector('.red-ui-palette-icon-container')?.getAttribute('data-palette-icon') ?? '',
    })));
  }

  /** What a node of the palette says of itself: the text of its balloon, and the help that the book in the balloon opens. */
  async introduction(type: string): Promise<{ readonly balloon: string; readonly help: string }> {
    await this.pointAt(type);
    const balloon = await this.page.locator('.red-ui-popover:visible').last().innerText();
    return { balloon, help: await this.openHelp() };
  }

  private async openHelp(): Promise<string> {
    await this.page.locator('.red-ui-popover:visible .fa-book').last().click();
    await this.page.mouse.move(700, 500);
    const selected = this.page.locator('.red-ui-sidebar-help-toc .red-ui-treeList-label.selected', { has: this.page.locator('.red-ui-node-label') });
    await selected.waitFor();
    return this.page.locator('.red-ui-sidebar-help-stack .red-ui-help .red-ui-help').innerText();
  }

  private async pointAt(type: string): Promise<void> {
    await this.page.mouse.move(700, 500);
    await this.page.locator('.red-ui-popover:visible').last().waitFor({ state: 'hidden' });
    const node = this.page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
    await node.scrollIntoViewIfNeeded();
    await node.hover();
    await this.page.locator('.red-ui-popover:visible').last().waitFor();
  }

  /** Main menu, Import, Examples, the package, the example; then its tab. */
  async importExample(packageName: string, example: string): Promise<void> {
    await this.page.locator('#red-ui-header-button-sidemenu').click();
    await this.page.locator('#menu-item-import:visible').click();
    await this.page.locator('#red-ui-clipboard-dialog-import-tabs .red-ui-tab-label', { hasText: 'Examples' }).click();
    await this.treeRow(packageName).click();
    await this.treeRow(example).click();
    await this.page.locator(`${DIALOG}-ok`).click();
    await this.page.locator(DIALOG).waitFor({ state: 'hidden' });
    await this.showTab(example);
  }

  private treeRow(text: string): Locator {
    return this.page.locator(`${DIALOG} .red-ui-treeList-label:visible`, { hasText: text }).first();
  }

  /** A second click on an open tab would open its properties: none is made then. */
  async showTab(label: string): Promise<void> {
    const active = this.page.locator('#red-ui-workspace-tabs .red-ui-tab.active', { hasText: label });
    if (await active.isVisible()) return;
    // With many tabs the bar slides while it is clicked: a click may hit the neighbour.
    for (let tries = 1; tries < TAB_TRIES && !(await active.isVisible()); tries += 1) {
      await this.page.locator('#red-ui-workspace-tabs .red-ui-tab-label', { hasText: label }).first().click();
      await active.waitFor({ timeout: TAB_PATIENCE_MS }).catch(() => undefined);
    }
    await active.waitFor();
    // The canvas is drawn with the next frame; until then it holds the other tab's nodes.
    await this.page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
  }

  /** Presses Deploy and resolves when the editor says that it is done. */
  async deploy(): Promise<void> {
    await this.page.locator('#red-ui-header-button-deploy').click();
    await this.page.locator('.red-ui-notification', { hasText: 'Successfully deployed' }).waitFor();
    await this.withoutNotifications();
  }

  /** Notifications lie over the canvas: waits until the last one has gone. */
  async withoutNotifications(): Promise<void> {
    await this.page.locator('.red-ui-notification:visible').first().waitFor({ state: 'hidden' });
  }

  /** Drags a node from the palette to a place on the canvas. */
  async drag(type: string, to: { readonly x: number; readonly y: number }): Promise<void> {
    const node = this.page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
    await node.scrollIntoViewIfNeeded();
    await node.hover();
    await this.page.mouse.down();
    await this.page.mouse.move(to.x, to.y, { steps: 8 });
    await this.page.mouse.up();
  }

  /** Draws a wire from an output of a node (the first is 0) to the input of another. */
  async wire(from: string, output: number, to: string): Promise<void> {
    await this.node(from).locator('.red-ui-flow-port-output .red-ui-flow-port').nth(output).hover({ force: true });
    await this.page.mouse.down();
    await this.node(to).locator('.red-ui-flow-port-input .red-ui-flow-port').hover({ force: true });
    await this.page.mouse.up();
  }

  /** A node on the canvas by the text on it. */
  node(label: string): Locator {
    return this.page.locator('g.red-ui-flow-node-group', { has: this.page.locator('.red-ui-flow-node-label', { hasText: new RegExp(`^${label}$`) }) }).first();
  }

  /** Labels of all nodes on the canvas. */
  async labels(): Promise<readonly string[]> {
    return this.page.locator('g.red-ui-flow-node-group .red-ui-flow-node-label').allTextContents();
  }

  /** Text and sign under a node, as soon as the text matches. */
  async status(label: string, text: RegExp): Promise<{ readonly text: string; readonly sign: string }> {
    const shown = this.node(label).locator('.red-ui-flow-node-status-label', { hasText: text });
    await shown.waitFor();
    const sign = await this.node(label).locator('.red-ui-flow-node-status').getAttribute('class') ?? '';
    return { text: await shown.textContent() ?? '', sign: /red-ui-flow-node-status-((dot|ring)-\w+)/.exec(sign)?.[1] ?? '' };
  }

  /** Double-clicks a node and resolves with its form. */
  async openForm(label: string): Promise<NodeRedForm> {
    await this.node(label).locator('.red-ui-flow-node').first().dblclick();
    return new NodeRedForm(this.page).opened();
  }

  /** Closes what a failed test left open: a config node's form, then the node's. */
  async closeForms(): Promise<void> {
    for (const kind of ['config', 'node'] as const) {
      const form = new NodeRedForm(this.page, kind);
      if (await form.isOpen()) await (await form.opened()).cancel();
    }
  }

  /** The whole flow as large as it fits, nothing selected, no message or side panel over it: as it looks when a person leans back. */
  async rest(): Promise<void> {
    await this.withoutNotifications();
    const side = this.page.locator('#red-ui-sidebar');
    if (await side.isVisible()) await this.page.locator('.red-ui-sidebar-toggle-button-right').click();
    await side.waitFor({ state: 'hidden' });
    await this.page.locator('#red-ui-workspace-chart').click({ position: { x: 600, y: 700 } });
    await this.page.locator('#red-ui-view-zoom-fit').click();
    const node = await this.page.locator('.red-ui-flow-node').first().elementHandle();
    await node.waitForElementState('stable');
    await this.page.mouse.move(700, 880);
    await this.page.locator('.red-ui-popover:visible').first().waitFor({ state: 'hidden' });
  }

  /** The latest message in the debug sidebar that matches. */
  async debugMessage(text: RegExp): Promise<string> {
    const message = this.page.locator('.red-ui-debug-msg', { hasText: text }).last();
    await message.waitFor();
    return message.innerText();
  }
}
