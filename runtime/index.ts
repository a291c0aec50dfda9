export { AccountConfig, DEFAULT_ACCOUNT, DEFAULT_ACCOUNT_ID } from './domain/account';
export { openRuntime, type RuntimeOptions } from './open';
export { openStore, databaseFile } from './openStore';
export { leaseRuntime, type Lease } from './lease';
export type { Ingress, Runtime, TriggerBinding, WebhookAnswer, WebhookRequest } from './runtime';
