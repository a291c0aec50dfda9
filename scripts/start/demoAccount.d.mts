export interface DemoLimits {
  readonly capital: number;
  readonly maxPosition: number;
  readonly maxDailyOrders: number;
  readonly cooldownSeconds: number;
  readonly maxDailyLossPercent?: number;
}
export declare const DEMO_LIMITS: DemoLimits;
export declare const NODE_RED_LIMITS: DemoLimits;
/** What a new account has. */
export declare const NEW_ACCOUNT: Required<DemoLimits>;
/** One line for people: what the account has, in brackets what a new one has. */
export declare function demoAccountWords(limits: DemoLimits): string;
