import type { z } from 'zod';

/** Where the account's form asks whether the broker answers, below the admin root. */
export const TEST_ACCOUNT_PATH = '/bellwether/test-account';

/** A Node-RED config node: a form that other nodes point to. Fields of kind `secret` go to Node-RED's credential store. */
export interface ConfigDefinition<P extends z.ZodObject = z.ZodObject> {
  readonly kind: 'config';
  /** camelCase and stable; `bellwetherAccount` is registered as `bellwether-account`. */
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly version: number;
  readonly params: P;
  /** Where the form's Test button asks, below the admin root; without it there is no button. */
  readonly testPath?: string;
}

export function defineConfig<P extends z.ZodObject>(definition: Omit<ConfigDefinition<P>, 'kind'>): ConfigDefinition<P> {
  return { kind: 'config', ...definition };
}
