import type { Denial, DenialCode } from '../../../domain/denial';
import { meant } from '../ordering/refusal';
import type { GatewayAnswer } from './answer';

const LOG_IN_AGAIN = 'Log in to the broker in OpenAlgo (sessions end every day), and check the API key.';
const SLOWER = 'Wait a moment: OpenAlgo or its broker limits requests per second.';
const LOOK_AT_GATEWAY = 'See that OpenAlgo runs and that the address is right.';

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

function refused(answer: Extract<GatewayAnswer, { kind: 'refused' }>, otherwise: DenialCode): Denial {
  const { httpStatus } = answer;
  const message = answer.message === '' ? `Refused with status ${httpStatus}.` : answer.message;
  if (httpStatus === 429) return { code: 'TOO_MANY_REQUESTS', message, remedy: SLOWER };
  if (isSemiAuto(answer)) return { code: 'NOT_SUPPORTED', message, remedy: 'Switch OpenAlgo from semi-auto to auto: in semi-auto it lets no program cancel.' };
  if (isSessionRefused(answer)) return { code: 'WRONG_SECRET', message, field: 'apiKey', remedy: LOG_IN_AGAIN };
  return meant(message, otherwise);
}
