import type { Locator, Page } from 'playwright-core';
import type { PageElement } from './pageElement';

/** The panel of a node: its parameters between what came in and what went out. */
export class N8nPanel {
  private readonly panel: Locator;

  constructor(private readonly page: Page) {
    this.panel = page.locator('[data-test-id="ndv"]');
  }

  async opened(): Promise<this> {
    await this.panel.locator('[data-test-id="node-parameters"]').waitFor();
    return this;
  }

  async title(): Promise<string> {
    return (await this.panel.locator('[data-test-id="inline-edit-preview"]').first().innerText()).trim();
  }

  /** Names of the parameters that can be seen, in order; those of collections once added. */
  async labels(): Promise<readonly string[]> {
    return this.panel.locator('[data-test-id="node-parameters"] [data-test-id="input-label"]').evaluateAll((labels: readonly PageElement[]) => labels
      .filter((label) => label.checkVisibility()).map((label) => (label.querySelector('.n8n-text')?.textContent ?? '').trim()));
  }

  /** Chooses an option of a parameter by the parameter's name and the option's text. */
  async choose(parameter: string, option: string): Promise<void> {
    await this.panel.locator(`[data-test-id="parameter-input-${parameter}"]`).click();
    await this.page.locator('.el-select-dropdown__item:visible', { hasText: new RegExp(`^\\s*${option}`) }).click();
  }

  /** Resolves when a parameter with this label can be seen. */
  async shows(label: string): Promise<void> {
    await this.panel.locator('[data-test-id="input-label"] .n8n-text', { hasText: new RegExp(`^\\s*${label}`) }).first().waitFor();
  }

  /** Gives the node the credential with this name. */
  async chooseCredential(name: string): Promise<void> {
    await this.panel.locator('[data-test-id="node-credentials-select"]').click();
    await this.page.locator('.el-select-dropdown__item:visible', { hasText: name }).click();
    await this.panel.locator('[data-test-id="credential-edit-button"]').waitFor();
  }

  /** Opens "Webhook URLs" and reads the address, for the editor's test or for production. */
  async webhookUrl(kind: 'Test' | 'Production'): Promise<string> {
    const parameters = this.panel.locator('[data-test-id="node-parameters"]');
    const choice = parameters.getByRole('radio', { name: `${kind} URL` });
    if (!await choice.isVisible()) await parameters.getByText('Webhook URLs').click();
    await choice.click();
    const path = kind === 'Test' ? '/webhook-test/' : '/webhook/';
    return (await parameters.getByText(path).first().innerText()).trim();
  }

  /** Resolves when the output shows both texts: the editor draws the items a moment after the branch's name. */
  async outputShows(branch: string, text: string): Promise<void> {
    await this.panel.locator('[data-test-id="output-panel"]', { hasText: branch }).filter({ hasText: text }).waitFor();
  }

  /** Switches the output to one of n8n's views. */
  async showOutput(view: 'Schema' | 'Table' | 'JSON'): Promise<void> {
    await this.panel.locator('[data-test-id="output-panel"]').getByRole('radio', { name: view }).click();
  }

  async close(): Promise<void> {
    await this.panel.locator('[data-test-id="ndv-close-button"]').click();
    await this.panel.waitFor({ state: 'hidden' });
  }
}
