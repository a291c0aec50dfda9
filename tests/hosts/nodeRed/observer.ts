import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import type { FlowNode } from './host';

const LIMIT_MS = 20_000;

/** Listens to a flow: HTTP Request nodes at the ends of a flow report here, so that a test awaits what happened instead of looking again and again. */
export class Observer {
  readonly #server: Server;
  readonly #events = new EventEmitter();
  readonly #seen = new Map<string, unknown[]>();

  constructor() {
    this.#server = createServer((request, response) => {
      void text(request).then((body) => {
        const name = (request.url ?? '/').slice(1);
        this.#seen.set(name, [...this.seen(name), JSON.parse(body)]);
        response.end();
        this.#events.emit('report');
      });
    });
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  /** A node that reports every message that reaches it. */
  node(name: string, z: string): FlowNode {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The observer has not been started.');
    return {
      id: `report-${name}`, type: 'http request', z, name, method: 'POST', ret: 'txt', paytoqs: 'ignore', url: `http://127.0.0.1:${address.port}/${name}`,
      tls: '', persist: false, proxy: '', insecureHTTPParser: false, authType: '', senderr: false, headers: [], x: 900, y: 100, wires: [[]],
    };
  }

  seen(name: string): readonly unknown[] {
    return this.#seen.get(name) ?? [];
  }

  /** The first `count` reports of a name, as soon as there are so many. */
  async take(name: string, count = 1): Promise<readonly unknown[]> {
    if (this.seen(name).length >= count) return this.seen(name).slice(0, count);
    const signal = AbortSignal.timeout(LIMIT_MS);
    try {
      while (this.seen(name).length < count) await once(this.#events, 'report', { signal });
    } catch (error) {
      throw new Error(`Only ${this.seen(name).length} of ${count} reports of "${name}" came.`, { cause: error });
    }
    return this.seen(name).slice(0, count);
  }

  forget(): void {
    this.#seen.clear();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
