import type { Locator, Page } from 'playwright-core';
import type { PageElement } from './pageElement';

/** One row of a form that can be seen. */
export interface FormRow {
  readonly name: string;
  readonly label: string;
  /** Texts of a choice's options; undefined for other fields. */
  readonly options?: readonly string[];
}

/** The edit form of one of our nodes. Fields are known by their parameter's name. */
export class NodeRedForm {
  private readonly tray: Locator;
  private readonly cancelButton: Locator;

  /** `kind` says whose form it is: Node-RED shows that of a config node instead of the node's, and comes back to it. */
  constructor(private readonly page: Page, kind: 'node' | 'config' = 'node') {
    this.cancelButton = page.locator(kind === 'node' ? '#node-dialog-cancel' : '#node-config-dialog-cancel');
    this.tray = page.locator('.red-ui-tray', { has: this.cancelButton });
  }

  /** Resolves when the form has slid in and stands still. */
  async opened(): Promise<this> {
    await this.tray.locator('.bellwether-form').waitFor();
    const tray = await this.tray.elementHandle();
    await tray.waitForElementState('stable');
    return this;
  }

  isOpen(): Promise<boolean> {
    return this.tray.isVisible();
  }

  /** Every row of a parameter that can be seen now. */
  async rows(): Promise<readonly FormRow[]> {
    return this.tray.locator('[data-bellwether-field]').evaluateAll((rows: readonly PageElement[]): FormRow[] => rows.filter((row) => row.checkVisibility()).map((row) => {
      const text = (element: PageElement | null) => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();
      const choice = row.querySelector(':scope > select');
      return {
        name: row.getAttribute('data-bellwether-field') ?? '', label: text(row.querySelector('label')),
        ...(choice === null ? {} : { options: [...choice.querySelectorAll('option')].map(text) }),
      };
    }));
  }

  async names(): Promise<readonly string[]> {
    return (await this.rows()).map(({ name }) => name);
  }

  field(name: string): Locator {
    return this.tray.locator(`[data-bellwether-field="${name}"]`);
  }

  /** All that is written in the form. */
  texts(): Locator {
    return this.tray.locator('.bellwether-form label, .bellwether-form summary, .bellwether-form .bellwether-help');
  }

  async choose(name: string, label: string): Promise<void> {
    await this.field(name).locator('> select').selectOption({ label });
  }

  /** Types into a field and leaves it. */
  async fill(name: string, text: string): Promise<void> {
    const input = this.field(name).locator('> input, > textarea').first();
    await input.fill(text);
    await input.blur();
  }

  /** Resolves when the field has (or has no longer) the mark of a wrong value. */
  async marked(name: string, isWrong: boolean): Promise<void> {
    await this.field(name).locator(isWrong ? 'input.input-error' : 'input:not(.input-error)').first().waitFor();
  }

  /** Adds a row to a list and answers the labels of its cells. */
  async addRow(name: string): Promise<readonly string[]> {
    const list = this.field(name);
    await list.locator('.red-ui-editableList-addButton').click();
    return list.locator('.bellwether-cells').last().locator('label').evaluateAll((labels: readonly PageElement[]) => labels.map((label) => (label.childNodes[0]?.textContent ?? '').trim()));
  }

  /** Titles of the folded sections that can be seen. */
  async sections(): Promise<readonly string[]> {
    return this.tray.locator('details > summary:visible').allTextContents();
  }

  async openSections(): Promise<void> {
    const folded = this.tray.locator('details:not([open]) > summary:visible');
    for (let left = await folded.count(); left > 0; left -= 1) await folded.first().click();
    await folded.first().waitFor({ state: 'hidden' });
  }

  /** Presses Test and reads the answer. */
  async tested(): Promise<string> {
    await this.tray.locator('[data-bellwether-test]').click();
    const answer = this.tray.locator('[data-bellwether-tested]:is(.bellwether-passed, .bellwether-failed)');
    await answer.waitFor();
    return answer.innerText();
  }

  /** The address that a trigger shows. */
  async webhookUrl(): Promise<string> {
    return this.tray.locator('#bellwether-url').inputValue();
  }

  /** Opens the form of a new config node that this node may use, from the + beside its field. */
  async addConfigNode(property: string): Promise<NodeRedForm> {
    await this.tray.locator(`#node-input-btn-${property}-add`).click();
    return new NodeRedForm(this.page, 'config').opened();
  }

  async cancel(): Promise<void> {
    await this.cancelButton.click();
    await this.tray.waitFor({ state: 'detached' });
  }
}
