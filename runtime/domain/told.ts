/** What a node has to say of one item to the person who looks at the canvas. */
export interface Told {
  /** A few words for a status line: `41 trades, net ₹1,234.50, 2 warnings`. */
  readonly text: string;
  /** One or two sentences each, where there is room for them. */
  readonly details: readonly string[];
  /** Whether somebody should look. */
  readonly isWarning: boolean;
}
