export { AccountConfig, DEFAULT_ACCOUNT, DEFAULT_ACCOUNT_ID, type AccountSecrets } from './domain/account';
export { openRuntime, type RuntimeOptions } from './open';
export { preflight, testAccount, type Check, type PreflightWorld } from './preflight';
export { openStore, databaseFile } from './openStore';
export { chosenFeed, feedFromEnvironment, type FeedChoice } from './feedChoice';
export { leaseRuntime, type Lease } from './lease';
export type { Ingress, Runtime, TriggerBinding, WebhookAnswer, WebhookRequest } from './runtime';
