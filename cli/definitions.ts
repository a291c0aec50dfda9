import type { Definitions } from '../runtime/hosts/replay';
import * as nodes from '../nodes';

/** Every node of Bellwether that a flow may hold. A bundle gives the list itself a name in the list. */
export const DEFINITIONS: Definitions = Object.entries(nodes).filter(([name]) => name !== 'default').map(([, definition]) => definition);
