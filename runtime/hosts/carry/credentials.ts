/** n8n's credential types of accounts, and the broker that each is for. A test compares them with the nodes' descriptions. */
export const ACCOUNT_BROKERS: ReadonlyMap<string, string> = new Map([['bellwetherAccountApi', 'paper'], ['bellwetherOpenAlgoApi', 'openalgo'], ['bellwetherUpstoxApi', 'upstox']]);

export const CHANNEL_CREDENTIAL = 'bellwetherAlertChannelApi';

/** The credential type of a broker's accounts. */
export function credentialOf(broker: string): string {
  return [...ACCOUNT_BROKERS].find(([, known]) => known === broker)?.[0] ?? 'bellwetherAccountApi';
}
