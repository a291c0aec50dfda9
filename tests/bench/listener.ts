import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const ARRIVAL_LIMIT_MS = 20_000;

/** Takes one datagram per flow that came to its end, `<id> <how it ended>`: the lightest report that a host's own nodes can make. */
export class Listener {
  readonly #socket = createSocket('udp4');
  readonly #arrived = new Set<string>();
  readonly #awaited = new Map<string, () => void>();

  /** Resolves with the port it listens on. */
  async start(): Promise<number> {
    this.#socket.on('message', (data) => this.#take(data.toString()));
    this.#socket.bind(0, '127.0.0.1');
    await once(this.#socket, 'listening');
    return this.#socket.address().port;
  }

  /** Resolves when the flow of this id has reported `end`, also when that was before the question. Rejects after a while with what was reported instead. */
  arrival(id: string, end: string): Promise<void> {
    const report = `${id} ${end}`;
    if (this.#arrived.delete(report)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`"${report}" was not reported within ${ARRIVAL_LIMIT_MS} ms, but ${JSON.stringify([...this.#arrived].slice(0, 5))}.`)), ARRIVAL_LIMIT_MS);
      this.#awaited.set(report, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  stop(): void {
    this.#socket.close();
  }

  #take(report: string): void {
    const awaited = this.#awaited.get(report);
    this.#awaited.delete(report);
    if (awaited === undefined) this.#arrived.add(report);
    else awaited();
  }
}
