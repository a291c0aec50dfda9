import type { FlowMessage } from './red';

/** The id of the signal that a message carries, if it carries one. */
export function signalIdOf({ payload }: FlowMessage): string | undefined {
  if (typeof payload !== 'object' || payload === null || !('signal' in payload)) return undefined;
  const { signal } = payload;
  if (typeof signal !== 'object' || signal === null || !('id' in signal)) return undefined;
  return typeof signal.id === 'string' && signal.id !== '' ? signal.id : undefined;
}

/**
 * Whose intents a message's orders are: its signal's, or the message's own where no trigger of ours started the flow.
 * A message id is unique in Node-RED, so an Inject pressed twice is two signals.
 */
export function originSignalId(message: FlowMessage): string {
  return signalIdOf(message) ?? `msg-${message._msgid ?? 'none'}`;
}
