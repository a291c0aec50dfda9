/** The door of the n8n host: what node and credential shells are made of. */
export { ActionNode } from './action';
export { SourceTriggerNode } from './sourceTrigger';
export { WebhookTriggerNode } from './trigger';
export { accountProperties, channelProperties, webhookProperties } from './credentials';
