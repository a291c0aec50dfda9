import type { NodeDefinition } from '../definition';
import { nodeControls } from '../identity';
import { asError } from './asError';
import { bodyOf } from './rawBody';
import type { HookRequest, NodeAPI } from './red';

/** Where the editor asks what a form means, below the admin root. Nothing is changed by asking. */
export const MEANING_PATH = '/bellwether/meaning';

const PERMISSION = 'bellwether.read';

/** The meanings of the node types of one Node-RED: one permanent route, whatever is redeployed. */
export class Meanings {
  readonly #definitions = new Map<string, NodeDefinition>();

  /** Makes the type's meaning known; a node without one is left out. */
  add(definition: NodeDefinition): void {
    if (definition.meaning !== undefined) this.#definitions.set(definition.type, definition);
  }

  open(red: NodeAPI): void {
    const app = red.httpAdmin;
    if (app === undefined || red.auth === undefined) return;
    app.post(`${MEANING_PATH}/:type`, red.auth.needsPermission(PERMISSION), (request, response) => {
      this.#answer(request).then((answer) => {
        response.status(answer === undefined ? 404 : 200).json(answer ?? { error: 'not found' });
      }).catch((error: unknown) => {
        red.log.warn(`Bellwether: the meaning of a form could not be told: ${asError(error).message}`);
        response.status(400).json({ error: 'not readable' });
      });
    });
  }

  async #answer(request: HookRequest): Promise<unknown> {
    const definition = this.#definitions.get(request.params?.['type'] ?? '');
    if (definition?.meaning === undefined) return undefined;
    const body = await bodyOf(request);
    const values: unknown = 'parsed' in body ? body.parsed : JSON.parse(Buffer.from(body.raw).toString());
    return definition.meaning.of({ ...defaultsOf(definition), ...(isRecord(values) ? values : {}) });
  }
}

function defaultsOf(definition: NodeDefinition): Readonly<Record<string, unknown>> {
  return Object.fromEntries(nodeControls(definition).map((control) => [control.name, control.default]));
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
