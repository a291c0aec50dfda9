import type { Denial, DenialCode } from '../../../domain/denial';
import { refusal } from '../ordering/refusal';
import type { UpstoxAnswer } from './answer';

export const LOG_IN_AGAIN = 'Log in to Upstox again and put the new access token into the account or the vault: tokens end every night.';
const SLOWER = 'Wait a moment: Upstox limits requests per second, per minute and per half hour.';
const LOOK_AT_NETWORK = 'See that this machine reaches Upstox.';
const REGISTER_ADDRESS = 'Register this machine\'s fixed address with Upstox (developer console, static IP), then log in again: a change of the address ends the token.';

/**
 * Upstox' numbers that mean something here. What is not listed is known by its words, or is a refusal without a special meaning.
 * The token's numbers are 100050 (invalid), 100067 (a read-only token) and 100016 (wrong credentials).
 */
const CODES: Readonly<Record<string, { readonly code: DenialCode; readonly remedy?: string }>> = {
  UDAPI100050: { code: 'SESSION_EXPIRED', remedy: LOG_IN_AGAIN },
  UDAPI100067: { code: 'SESSION_EXPIRED', remedy: 'This token may only read. Use the access token of a full login.' },
  UDAPI100016: { code: 'SESSION_EXPIRED', remedy: LOG_IN_AGAIN },
  UDAPI10005: { code: 'TOO_MANY_REQUESTS', remedy: SLOWER },
  UDAPI1154: { code: 'SOURCE_NOT_ALLOWED', remedy: REGISTER_ADDRESS },
  UDAPI1158: { code: 'NOT_SUPPORTED', remedy: 'Upstox takes no market order without protection: send a limit order.' },
  UDAPI100057: { code: 'MARKET_CLOSED' },
  UDAPI1161: { code: 'NOT_SUPPORTED' },
};

/** True where a person has to log in again before anything works. */
export function isSessionOver(answer: UpstoxAnswer): boolean {
  return answer.kind === 'refused' && (answer.httpStatus === 401 || CODES[answer.code]?.code === 'SESSION_EXPIRED');
}

/** Any answer but success as a denial. Where nobody knows, a command may have been carried out (`OUTCOME_UNKNOWN`), and a read has taught nothing (`NOT_READY`). */
export function denialOf(answer: Exclude<UpstoxAnswer, { kind: 'success' }>, asked: 'command' | 'read'): Denial {
  switch (answer.kind) {
    case 'unsent': return { code: 'NOT_READY', message: `${answer.reason} Nothing was sent.`, remedy: LOOK_AT_NETWORK };
    case 'unsure': return { code: asked === 'read' ? 'NOT_READY' : 'OUTCOME_UNKNOWN', message: `${answer.reason}.`, remedy: LOOK_AT_NETWORK };
    case 'refused': return refused(answer, asked);
  }
}

function refused(answer: Extract<UpstoxAnswer, { kind: 'refused' }>, asked: 'command' | 'read'): Denial {
  const { httpStatus, code } = answer;
  const message = `${answer.message === '' ? `Refused with status ${httpStatus}.` : answer.message}${code === '' ? '' : ` (${code})`}`;
  if (httpStatus === 429) return { code: 'TOO_MANY_REQUESTS', message, remedy: SLOWER };
  const known = Object.hasOwn(CODES, code) ? CODES[code] : undefined;
  if (known !== undefined) return { code: known.code, message, ...(known.code === 'SESSION_EXPIRED' ? { field: 'accessToken' } : {}), ...(known.remedy === undefined ? {} : { remedy: known.remedy }) };
  if (isSessionOver(answer)) return { code: 'SESSION_EXPIRED', message, field: 'accessToken', remedy: LOG_IN_AGAIN };
  const meant = refusal(message);
  return asked === 'read' && meant.code === 'ORDER_REJECTED' ? { ...meant, code: 'NOT_SUPPORTED' } : meant;
}
