import { Agent, request } from 'node:http';

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

const ANSWER_LIMIT_MS = 20_000;

/** A small client over kept-alive connections, loopback only. */
export class LoadClient {
  readonly #connections: number;
  #agent: Agent;

  constructor(connections: number) {
    this.#connections = connections;
    this.#agent = agentOf(connections);
  }

  /** Gives up its idle connections: after a pause the server may be about to close them, and a request would be lost. */
  reconnect(): void {
    this.#agent.destroy();
    this.#agent = agentOf(this.#connections);
  }

  /** Posts a JSON body; rejects when the connection breaks or nobody answers. */
  post(url: string, body: string): Promise<HttpAnswer> {
    const { hostname, port, pathname } = new URL(url);
    if (hostname !== '127.0.0.1') return Promise.reject(new Error(`${hostname} is not this machine.`));
    return new Promise((resolve, reject) => {
      const call = request({
        agent: this.#agent, host: hostname, port, path: pathname, method: 'POST', timeout: ANSWER_LIMIT_MS,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
        response.on('error', reject);
      });
      call.on('timeout', () => call.destroy(new Error(`${url} did not answer within ${ANSWER_LIMIT_MS} ms.`)));
      call.on('error', reject);
      call.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

function agentOf(connections: number): Agent {
  return new Agent({ keepAlive: true, maxSockets: connections, maxFreeSockets: connections, scheduling: 'fifo' });
}

/** The body of an answer that had to be a success. */
export function succeeded({ status, body }: HttpAnswer): string {
  if (status < 200 || status > 299) throw new Error(`Answered ${status}: ${body.slice(0, 500)}`);
  return body;
}
