import type { Denial } from './denial';
import type { IntentDraft } from './order';

/** What a wish comes to that needs no order: not an error, and told to whoever wished. */
export function nothingToTrade({ size, instrument, product }: Pick<IntentDraft, 'size' | 'instrument' | 'product'>): Denial {
  if (size.kind !== 'exit') return { code: 'NO_POSITION', message: 'Nothing is left to trade for this target.' };
  const side = size.action === undefined ? '' : size.action === 'SELL' ? ' long' : ' short';
  return {
    code: 'NO_POSITION', message: `Nothing to close: this strategy holds no${side} position in ${instrument} (${product}), or it is being closed already.`,
    remedy: 'Nothing was sent. Was something to be closed, look whether its entry had the same strategy, symbol and product.',
  };
}
