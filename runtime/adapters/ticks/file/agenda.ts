import type { EpochMs } from '../../../domain/time';

export interface Appointment {
  readonly due: EpochMs;
  readonly work: () => void | Promise<void>;
}

/** Work that waits for a recorded time: the earliest first, of one time the one that was made first. */
export interface Agenda {
  add(appointment: Appointment): () => void;
  nextDue(): EpochMs | undefined;
  /** Takes the next one that is due at `now` or earlier. */
  take(now: EpochMs): Appointment | undefined;
  clear(): void;
}

export function createAgenda(): Agenda {
  let appointments: Appointment[] = [];
  const first = (): Appointment | undefined => appointments.reduce<Appointment | undefined>((earliest, one) => (earliest === undefined || one.due < earliest.due ? one : earliest), undefined);
  const remove = (appointment: Appointment): void => { appointments = appointments.filter((other) => other !== appointment); };
  return {
    add(appointment) {
      appointments.push(appointment);
      return () => remove(appointment);
    },
    nextDue: () => first()?.due,
    take(now) {
      const next = first();
      if (next === undefined || next.due > now) return undefined;
      remove(next);
      return next;
    },
    clear: () => { appointments = []; },
  };
}
