import { deny, type Outcome } from '../../../../domain/denial';
import type { TranslatedNode } from '../../graph';

/** A node of a flow file, as a translator reads it. */
export interface SavedRedNode {
  readonly id: string;
  readonly type: string;
  readonly [property: string]: unknown;
}

/** What its tab says about a node. */
export interface Surroundings {
  /** The tab's own environment. The machine's is not known to a replay. */
  readonly env: ReadonlyMap<string, unknown>;
  /** Ids of the nodes that share its tab. */
  readonly tab: readonly string[];
  /** Ids of the nodes that share its group, groups within it too; undefined where it is in none. */
  readonly group: readonly string[] | undefined;
}

export type Translation = Pick<TranslatedNode, 'doing' | 'inputs' | 'outputs' | 'run'>;
export type RedTranslator = (node: SavedRedNode, surroundings: Surroundings) => Outcome<Translation>;

export const LANE_B = 'Backtest it in Node-RED itself (--lane node-red), or use nodes of Bellwether.';

/** A way in which a node is set up that only Node-RED itself can run. */
export function onlyNodeRed(what: string, remedy = LANE_B): ReturnType<typeof deny> {
  return deny('NOT_SUPPORTED', `${what} can not be translated.`, { remedy });
}
