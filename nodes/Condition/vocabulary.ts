import type { Vocabulary } from '../../runtime/domain/condition';
import { VOCABULARY } from '../../runtime/domain/series';

/** The language of the Condition node: that of triggers, and any field of the item below `item.`. */
export const CONDITION_VOCABULARY: Vocabulary = { ...VOCABULARY, fields: [...VOCABULARY.fields, 'item.*'] };
