import type { FlowMessage, NodeAPI } from './red';

/** Clicks that are remembered; a message that is older than as many others counts as the flow's own. */
const REMEMBERED = 10_000;

/**
 * Messages that began with a click on an Inject node's button. Node-RED gives them an id before the node sees them; what the node's own timer starts has none yet.
 * Nodes pass the id on, so that a node further down can tell.
 */
export class Clicks {
  readonly #ids = new Set<string>();

  follow(red: Pick<NodeAPI, 'hooks'>): void {
    red.hooks.add('onReceive.bellwether', ({ msg: { _msgid: id }, destination: { node } }) => {
      if (node?.type !== 'inject' || id === undefined) return;
      this.#ids.add(id);
      const [oldest] = this.#ids;
      if (this.#ids.size > REMEMBERED && oldest !== undefined) this.#ids.delete(oldest);
    });
  }

  /** True where a person clicked for this message. */
  started({ _msgid: id }: FlowMessage): boolean {
    return id !== undefined && this.#ids.has(id);
  }
}
