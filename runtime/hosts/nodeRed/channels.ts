import type { Outcome } from '../../domain/denial';
import { deny, ok } from '../../domain/denial';
import type { AlertChannel } from '../../domain/ports';

/** The alert channels of deployed config nodes. Their secrets live here and in Node-RED's credential store, nowhere else. */
export class Channels {
  readonly #channels = new Map<string, Outcome<AlertChannel>>();

  set(configNodeId: string, channel: Outcome<AlertChannel>): void {
    this.#channels.set(configNodeId, channel);
  }

  delete(configNodeId: string): void {
    this.#channels.delete(configNodeId);
  }

  /** The channels a node names; none where it names none. */
  of(configNodeId: string): Outcome<readonly AlertChannel[]> {
    if (configNodeId === '') return ok([]);
    const channel = this.#channels.get(configNodeId) ?? deny('NOT_FOUND', 'The alert channel of this node does not exist.', { remedy: 'Open the node and choose one.' });
    return channel.ok ? ok([channel.value]) : channel;
  }
}
