import type { Locator, Page } from 'playwright-core';
import { N8nPanel } from './n8nPanel';
import type { PageElement } from './pageElement';

/** What the node creator shows of a node. */
export interface CreatorNode {
  readonly title: string;
  readonly description: string;
  /** Address of the icon; empty where it has none. */
  readonly icon: string;
}

/** n8n's editor as a person uses it: through what is on the screen. */
export class N8nEditor {
  constructor(readonly page: Page, private readonly base: string) {}

  private id(testId: string): Locator {
    return this.page.locator(`[data-test-id="${testId}"]`);
  }

  async signIn({ email, password }: { readonly email: string; readonly password: string }): Promise<void> {
    await this.page.goto(`${this.base}/signin`, { waitUntil: 'domcontentloaded' });
    await this.page.locator('input[name="emailOrLdapLoginId"]').fill(email);
    await this.page.locator('input[name="password"]').fill(password);
    await this.id('form-submit-button').click();
    await this.page.waitForURL(/\/(home|workflow)/, { waitUntil: 'domcontentloaded' });
  }

  async newWorkflow(): Promise<void> {
    await this.page.goto(`${this.base}/workflow/new`, { waitUntil: 'domcontentloaded' });
    await this.id('canvas-add-button').waitFor();
  }

  /** Workflow menu, Import, From file. */
  async importFile(file: string): Promise<void> {
    await this.id('workflow-menu').click();
    await this.id('workflow-menu-item-import').hover();
    const chooser = this.page.waitForEvent('filechooser');
    await this.id('workflow-menu-item-import-from-file').click();
    await (await chooser).setFiles(file);
    await this.id('canvas-node').first().waitFor();
  }

  /** What the node creator finds for a word, as soon as the titles are among it: it fills its list bit by bit. */
  async search(word: string, titles: readonly string[]): Promise<readonly CreatorNode[]> {
    await this.openCreator(word);
    for (const title of titles) await this.creatorItem(title).waitFor();
    return this.id('item-iterator-item').evaluateAll((items: readonly PageElement[]): CreatorNode[] => items.map((item) => ({
      title: (item.querySelector('[data-test-id="node-creator-item-name"]')?.textContent ?? '').trim(),
      description: (item.querySelector('[data-test-id="node-creator-item-description"]')?.textContent ?? '').trim(),
      icon: item.querySelector('img')?.getAttribute('src') ?? '',
    })));
  }

  /** Adds a node from the creator, with the first of its actions where it has some, and resolves with its panel. */
  async addNode(title: string): Promise<N8nPanel> {
    await this.openCreator(title);
    await this.creatorItem(title).click();
    const add = this.id('node-creator').getByText('Add to workflow');
    const action = this.id('node-creator-item-name').last();
    await add.or(action).first().waitFor();
    await (await add.isVisible() ? add : action).click();
    return new N8nPanel(this.page).opened();
  }

  private async openCreator(word: string): Promise<void> {
    if (!await this.id('node-creator-search-bar').isVisible()) await this.id('node-creator-plus-button').click();
    await this.id('node-creator-search-bar').fill(word);
  }

  private creatorItem(title: string): Locator {
    return this.id('node-creator-item-name').filter({ hasText: new RegExp(`^\\s*${title}\\s*$`) });
  }

  /** A node on the canvas by its name. */
  node(name: string): Locator {
    return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
  }

  async names(): Promise<readonly string[]> {
    return this.id('canvas-node').evaluateAll((nodes: readonly PageElement[]) => nodes.map((node) => node.getAttribute('data-node-name') ?? ''));
  }

  /** Labels of a node's outputs, top to bottom. */
  async outputLabels(name: string): Promise<readonly string[]> {
    return (await this.node(name).locator('[data-test-id="canvas-node-output-handle"]').allTextContents()).map((label) => label.trim()).filter((label) => label !== '');
  }

  async openPanel(name: string): Promise<N8nPanel> {
    await this.node(name).locator('[data-test-id="canvas-default-node"], [data-test-id="canvas-trigger-node"]').dblclick();
    return new N8nPanel(this.page).opened();
  }

  /** Publish, in the menu and in the dialog that asks back; then the note that it is done. */
  async publish(): Promise<string> {
    await this.id('workflow-open-publish-modal-button').click();
    await this.id('workflow-publish-button').click();
    const note = this.id('activation-modal');
    const text = await note.innerText();
    await note.getByText('Got it').click();
    await note.waitFor({ state: 'hidden' });
    return text;
  }

  /** Presses Execute and resolves when the editor listens for an alert. */
  async listen(): Promise<void> {
    await this.id('execute-workflow-button').click();
    await this.id('stop-execution-waiting-for-webhook-button').waitFor();
  }

  /** Resolves when the node has the mark of success. */
  async succeeded(name: string): Promise<void> {
    await this.node(name).locator('[data-test-id="canvas-node-status-success"]').waitFor();
  }

  /** The workflow's executions, newest first, as soon as one of them has this text. */
  async executions(text: string): Promise<readonly string[]> {
    await this.id('radio-button-executions').click();
    const items = this.id('current-executions-list').locator('[data-test-id^="execution-details-"]');
    await items.filter({ hasText: text }).first().waitFor();
    return items.allInnerTexts();
  }

  async backToEditor(): Promise<void> {
    await this.id('radio-button-workflow').click();
    await this.id('canvas-node').first().waitFor();
  }

  /** The whole workflow in the window, nothing selected, no message over it: as it looks when a person leans back. */
  async rest(): Promise<void> {
    for (const note of await this.page.locator('.el-notification__closeBtn:visible').all()) await note.click();
    await this.page.locator('.el-notification:visible').first().waitFor({ state: 'hidden' });
    await this.page.locator('.vue-flow__pane').click({ position: { x: 20, y: 200 } });
    await this.id('zoom-to-fit').click();
    await this.page.mouse.move(20, 500);
  }

  /** A tall workflow that fits lies with its last row under the button that runs it: one step smaller it does not. */
  async stepBack(): Promise<void> {
    await this.id('zoom-out-button').click();
    await this.page.mouse.move(20, 500);
  }
}
