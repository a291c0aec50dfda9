import type { Definitions } from '../runtime/hosts/replay';
import * as nodes from '../nodes';

/** Every node of Bellwether that a flow may hold. */
export const DEFINITIONS: Definitions = Object.values(nodes);
