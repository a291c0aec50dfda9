import type { Denial, DenialCode } from '../../../domain/denial';
import type { GatewayAnswer } from './answer';

const LOG_IN_AGAIN = 'Log in to the broker in OpenAlgo (sessions end every day), and check the API key.';
const SLOWER = 'Wait a moment: OpenAlgo or its broker limits requests per second.';
const LOOK_AT_GATEWAY = 'See that OpenAlgo runs and that the address is right.';

/** What a broker's words mean, as far as words can tell; the first that fits. Everything else is a refusal without a special meaning. */
const MEANINGS: readonly { readonly words: RegExp; readonly code: DenialCode; readonly remedy?: string }[] = [
  { words: /insufficient|not enough (?:funds|margin|balance)|margin (?:shortfall|exceeds)|shortage/i, code: 'INSUFFICIENT_FUNDS', remedy: 'Lower the quantity or add funds.' },
  { words: /rate limit|too many requests/i, code: 'TOO_MANY_REQUESTS', remedy: SLOWER },
  { words: /market (?:is )?(?:closed|not open)|outside (?:of )?(?:market|trading) hours/i, code: 'MARKET_CLOSED' },
  { words: /symbol .*not found|instrument .*not found|invalid symbol|unknown symbol|could not find .*token/i, code: 'UNKNOWN_SYMBOL' },
  { words: /freeze|maximum (?:allowed )?(?:order )?quantity/i, code: 'MAX_ORDER_QUANTITY', remedy: 'Split the order.' },
  { words: /multiple of (?:the )?lot|lot size/i, code: 'LOT_SIZE' },
  { words: /tick size|multiple of (?:the )?tick/i, code: 'PRICE_OFF_TICK' },
  { words: /order .*not found|no such order/i, code: 'NOT_FOUND' },
];

const SESSION_WORDS = /apikey|api key|session|token|log ?in/i;

/** True where a person has to log in again or correct the key before anything works. */
export function isSessionRefused(answer: GatewayAnswer): boolean {
  return answer.kind === 'refused' && (answer.httpStatus === 401 || (answer.httpStatus === 403 && SESSION_WORDS.test(answer.message)));
}

/** True where the gateway keeps orders for a person's approval and lets nobody else cancel or change them. */
export function isSemiAuto(answer: GatewayAnswer): boolean {
  return answer.kind === 'refused' && answer.httpStatus === 403 && /semi[- _]?auto/i.test(answer.message);
}

/** Any answer but success as a denial. Where nobody knows, a command may have been carried out (`OUTCOME_UNKNOWN`), and a read has taught nothing (`NOT_READY`). */
export function denialOf(answer: Exclude<GatewayAnswer, { kind: 'success' }>, asked: 'command' | 'read'): Denial {
  switch (answer.kind) {
    case 'unsent': return { code: 'NOT_READY', message: `${answer.reason} Nothing was sent.`, remedy: LOOK_AT_GATEWAY };
    case 'unsure': return { code: asked === 'read' ? 'NOT_READY' : 'OUTCOME_UNKNOWN', message: `${answer.reason}.`, remedy: LOOK_AT_GATEWAY };
    case 'refused': return refused(answer, asked === 'read' ? 'NOT_SUPPORTED' : 'ORDER_REJECTED');
  }
}

/** A broker's own words for why it rejected an order, after it had accepted the request. */
export function refusal(words: string | undefined): Denial {
  return words === undefined || words === '' ? { code: 'ORDER_REJECTED', message: 'The broker rejected the order and gave no reason.' } : meant(words, 'ORDER_REJECTED');
}

function refused(answer: Extract<GatewayAnswer, { kind: 'refused' }>, otherwise: DenialCode): Denial {
  const { httpStatus } = answer;
  const message = answer.message === '' ? `Refused with status ${httpStatus}.` : answer.message;
  if (httpStatus === 429) return { code: 'TOO_MANY_REQUESTS', message, remedy: SLOWER };
  if (isSemiAuto(answer)) return { code: 'NOT_SUPPORTED', message, remedy: 'Switch OpenAlgo from semi-auto to auto: in semi-auto it lets no program cancel.' };
  if (isSessionRefused(answer)) return { code: 'WRONG_SECRET', message, field: 'apiKey', remedy: LOG_IN_AGAIN };
  return meant(message, otherwise);
}

function meant(message: string, otherwise: DenialCode): Denial {
  const meaning = MEANINGS.find(({ words }) => words.test(message));
  if (meaning === undefined) return { code: otherwise, message };
  return { code: meaning.code, message, ...(meaning.remedy === undefined ? {} : { remedy: meaning.remedy }) };
}
