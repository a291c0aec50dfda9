/** What a person gives the sender besides the address. */
export interface Paste {
  readonly hint: string;
  /** Shown as it is, ready to copy; absent where the sender's message can not be changed. */
  readonly message?: string;
}

/** By definition type. */
export const PASTE: Readonly<Record<string, Paste>> = {
  tradingViewTrigger: {
    hint: 'Message of the alert in TradingView (put your secret in, or leave the line out):',
    message: [
      '{',
      '  "secret": "…",',
      '  "id": "{{ticker}}-{{timenow}}-{{strategy.order.id}}",',
      '  "ts": "{{timenow}}",',
      '  "exchange": "{{exchange}}",',
      '  "symbol": "{{ticker}}",',
      '  "action": "{{strategy.order.action}}",',
      '  "quantity": "{{strategy.order.contracts}}",',
      '  "price": "{{close}}"',
      '}',
    ].join('\n'),
  },
  chartInkTrigger: { hint: 'In ChartInk, open the alert and paste the address as its webhook URL. The message is fixed; nothing else is needed.' },
  approvalTrigger: { hint: 'Paste the address, as the phone that gets the questions reaches it, into “Answer URL” of the Approval node that asks.' },
};
