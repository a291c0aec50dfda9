import { deny, type Outcome } from '../../../../domain/denial';
import type { TranslatedNode } from '../../graph';

/** A node of a workflow file, as a translator reads it. */
export interface SavedN8nNode {
  readonly name: string;
  readonly type: string;
  readonly typeVersion: number;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What a translator makes of a saved node. */
export type Translation = Pick<TranslatedNode, 'doing' | 'inputs' | 'outputs' | 'run'>;
export type N8nTranslator = (node: SavedN8nNode) => Outcome<Translation>;

/** A way in which a node is set up that is not translated. */
export function notTranslated(what: string, remedy: string, field?: string): ReturnType<typeof deny> {
  return deny('NOT_SUPPORTED', `${what} can not be replayed.`, { remedy, ...(field === undefined ? {} : { field }) });
}

/** Parameters that do not look as n8n saves them. */
export function notAsSaved(problem: string): ReturnType<typeof deny> {
  return deny('NOT_SUPPORTED', `Its parameters are not as a current n8n saves them: ${problem}.`, { remedy: 'Open the workflow in a current n8n, look at the node, and export it again.' });
}
