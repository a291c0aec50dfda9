import { deny, type Denial } from '../../../domain/denial';
import type { Broker, Clock, Instruments, OrderChange } from '../../../domain/ports';
import type { Tracked } from '../following/tracked';
import { changedTerms } from '../ordering/changedTerms';
import { checkTerms } from '../../../domain/paper';
import type { UpstoxAnswer } from './answer';
import type { UpstoxClient } from './client';
import { denialOf, isSessionOver } from './denials';
import { modificationOf } from './mapper';
import type { SessionKeeper } from './sessionKeeper';

type Done = Awaited<ReturnType<Broker['cancel']>>;

export interface ChangesOptions {
  readonly client: UpstoxClient;
  readonly session: SessionKeeper;
  readonly instruments: Instruments;
  readonly clock: Clock;
  /** Looks at the lists now. */
  readonly look: () => Promise<unknown>;
  /** Called when something was changed, or may have been. */
  readonly onChange: () => void;
}

/** What is done to orders that the broker has. */
export interface Changes {
  cancel(tracked: Tracked, brokerOrderId: string): Promise<Done>;
  modify(tracked: Tracked, brokerOrderId: string, change: OrderChange): Promise<Done>;
}

const CANCEL_TRIES = 2;

export function createChanges({ client, session, instruments, clock, look, onChange }: ChangesOptions): Changes {
  const refusal = (answer: Exclude<UpstoxAnswer, { kind: 'success' }>): Denial => {
    const denial = denialOf(answer, 'command');
    if (isSessionOver(answer)) session.failed(denial);
    return denial;
  };
  return {
    /** A cancel does no harm twice: where the answer was lost and the lists do not show it, it is sent once more. */
    async cancel(tracked, brokerOrderId) {
      for (let attempt = 1; ; attempt += 1) {
        const answer = await client.command({ method: 'DELETE', path: '/v3/order/cancel', query: { order_id: brokerOrderId } });
        if (answer.kind === 'success') {
          onChange();
          return { ok: true };
        }
        const denial = refusal(answer);
        await look();
        if (tracked.standing === 'CANCELLED') return { ok: true };
        if (answer.kind !== 'unsure' || attempt === CANCEL_TRIES) return { ok: false, denial };
      }
    },
    async modify(tracked, brokerOrderId, change) {
      const changed = changedTerms(tracked.order, change);
      const instrument = instruments.find(changed.instrument, clock.now());
      if (instrument === undefined) return deny('UNKNOWN_SYMBOL', `${changed.instrument} is not known here.`, { field: 'symbol', value: changed.instrument });
      const wrong = checkTerms(changed, instrument);
      if (wrong !== undefined) return wrong;
      const answer = await client.command({ method: 'PUT', path: '/v3/order/modify', body: modificationOf(changed, brokerOrderId) });
      if (answer.kind === 'success' || answer.kind === 'unsure') tracked.modified = true;
      onChange();
      if (answer.kind !== 'success') return { ok: false, denial: refusal(answer) };
      tracked.order = changed;
      return { ok: true };
    },
  };
}
