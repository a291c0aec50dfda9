import type { Denial, DenialCode } from '../../../domain/denial';

/** What brokers' words mean, as far as words can tell; the first that fits. Everything else is a refusal without a special meaning. */
const MEANINGS: readonly { readonly words: RegExp; readonly code: DenialCode; readonly remedy?: string }[] = [
  { words: /insufficient|not enough (?:funds|margin|balance)|margin (?:shortfall|exceeds)|shortage/i, code: 'INSUFFICIENT_FUNDS', remedy: 'Lower the quantity or add funds.' },
  { words: /rate limit|too many requests/i, code: 'TOO_MANY_REQUESTS', remedy: 'Wait a moment: the broker limits requests per second.' },
  { words: /market (?:is )?(?:closed|not open)|outside (?:of )?(?:market|trading) hours/i, code: 'MARKET_CLOSED' },
  { words: /symbol .*not found|instrument .*not found|invalid symbol|unknown symbol|could not find .*token/i, code: 'UNKNOWN_SYMBOL' },
  { words: /freeze|maximum (?:allowed )?(?:order )?quantity/i, code: 'MAX_ORDER_QUANTITY', remedy: 'Split the order.' },
  { words: /multiple of (?:the )?lot|lot size/i, code: 'LOT_SIZE' },
  { words: /tick size|multiple of (?:the )?tick/i, code: 'PRICE_OFF_TICK' },
  { words: /order .*not found|no such order/i, code: 'NOT_FOUND' },
];

/** A broker's own words for why it rejected an order, after it had accepted the request. */
export function refusal(words: string | undefined): Denial {
  return words === undefined || words === '' ? { code: 'ORDER_REJECTED', message: 'The broker rejected the order and gave no reason.' } : meant(words, 'ORDER_REJECTED');
}

/** A refusal by what its words mean; `otherwise` where they mean nothing special. */
export function meant(message: string, otherwise: DenialCode): Denial {
  const meaning = MEANINGS.find(({ words }) => words.test(message));
  if (meaning === undefined) return { code: otherwise, message };
  return { code: meaning.code, message, ...(meaning.remedy === undefined ? {} : { remedy: meaning.remedy }) };
}
