import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const ARRIVAL_LIMIT_MS = 20_000;

/** Takes one datagram per flow that came to its end: the lightest report that a host's own nodes can make. */
export class Listener {
  readonly #socket = createSocket('udp4');
  readonly #arrived = new Map<string, number>();
  readonly #awaited = new Map<string, (at: number) => void>();

  /** Resolves with the port it listens on. */
  async start(): Promise<number> {
    this.#socket.on('message', (data) => this.#take(data.toString(), performance.now()));
    this.#socket.bind(0, '127.0.0.1');
    await once(this.#socket, 'listening');
    return this.#socket.address().port;
  }

  /** When the report with this id arrived (`performance.now()`), also when it was before the question. */
  arrival(id: string): Promise<number> {
    const known = this.#arrived.get(id);
    this.#arrived.delete(id);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`Nobody reported the end of ${id} within ${ARRIVAL_LIMIT_MS} ms.`)), ARRIVAL_LIMIT_MS);
      this.#awaited.set(id, (at) => {
        clearTimeout(timer);
        resolve(at);
      });
    });
  }

  stop(): void {
    this.#socket.close();
  }

  #take(id: string, at: number): void {
    const awaited = this.#awaited.get(id);
    this.#awaited.delete(id);
    if (awaited === undefined) this.#arrived.set(id, at);
    else awaited(at);
  }
}
