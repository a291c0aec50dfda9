import { deny, ok, type Outcome } from '../../runtime/domain/denial';
import type { OrderAction } from '../../runtime/domain/direction';

/** What a scan is traded as. SHORT sells, COVER buys back; an exit closes what the strategy holds. */
export type ScanAction = 'BUY' | 'SELL' | 'SHORT' | 'COVER' | 'EXIT' | 'EXIT_LONG' | 'EXIT_SHORT';

export const SIDE: Readonly<Record<ScanAction, OrderAction>> = { BUY: 'BUY', COVER: 'BUY', SELL: 'SELL', SHORT: 'SELL', EXIT: 'EXIT', EXIT_LONG: 'EXIT_LONG', EXIT_SHORT: 'EXIT_SHORT' };

/**
 * The action that a scan's name says by whole words. Denies AMBIGUOUS_ACTION for a name with none of them, with both sides,
 * or with "short term", which is a time and not a side.
 */
export function actionInName(name: string): Outcome<ScanAction> {
  const words: readonly string[] = name.toUpperCase().replace(/\bEXIT[\s_-]+(LONG|SHORT)\b/g, 'EXIT_$1').match(/EXIT_(?:LONG|SHORT)|[\p{L}\p{N}]+/gu) ?? [];
  const actions = words.filter((word): word is ScanAction => Object.hasOwn(SIDE, word));
  const isTerm = words.some((word, index) => word === 'SHORT' && words[index + 1]?.startsWith('TERM') === true);
  const [first] = actions;
  if (first !== undefined && !isTerm && new Set(actions.map((action) => SIDE[action])).size === 1) return ok(first);
  return deny('AMBIGUOUS_ACTION', `The scan's name ${JSON.stringify(name.slice(0, 80))} does not say clearly what to do.`, {
    field: 'scan_name', remedy: 'Put exactly one of the words BUY, SELL, SHORT, COVER, EXIT into the name, or choose the action in the trigger.',
  });
}
