/** An element inside the page, as far as the tests look at it: functions given to `evaluate` run there, and the project itself knows no DOM. */
export interface PageElement {
  readonly textContent: string | null;
  readonly parentElement: PageElement | null;
  readonly childNodes: readonly { readonly textContent: string | null }[];
  getAttribute(name: string): string | null;
  querySelector(selectors: string): PageElement | null;
  querySelectorAll(selectors: string): Iterable<PageElement>;
  checkVisibility(): boolean;
}

export interface PageStyle {
  readonly color: string;
  readonly backgroundColor: string;
}
