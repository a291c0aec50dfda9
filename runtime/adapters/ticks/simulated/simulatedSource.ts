import { ok } from '../../../domain/denial';
import type { TickConnection, TickListener, TickSource } from '../../../domain/feed';
import type { Instrument, InstrumentKey } from '../../../domain/market';
import type { Clock, Instruments } from '../../../domain/ports';
import { simulatedDepth, simulatedTick } from './simulatedTick';

export interface SimulatedSourceOptions {
  readonly clock: Clock;
  readonly instruments: Instruments;
  /** Chooses the course of prices; the same seed, instrument and time give the same tick. */
  readonly seed: number;
  /** Between two ticks of an instrument; default 1,000. */
  readonly intervalMs?: number;
}

/**
 * The simulated market as a source of ticks: it always moves, needs no network and gives the first tick of an instrument with its subscription.
 * One timer, which keeps no process alive, runs while anything is subscribed.
 */
export function simulatedSource({ clock, instruments, seed, intervalMs = 1_000 }: SimulatedSourceOptions): TickSource {
  const connections = new Set<TickConnection>();
  const connect = (listener: TickListener): TickConnection => {
    const subscribed = new Map<InstrumentKey, Instrument>();
    let timer: NodeJS.Timeout | undefined;
    let closed = false;
    const say = (instrument: Instrument): void => {
      const tick = simulatedTick(instrument, clock.now(), seed);
      void listener.tick(tick);
      listener.depth?.(simulatedDepth(instrument, tick));
    };
    const stopTimer = (): void => {
      clearInterval(timer);
      timer = undefined;
    };
    const connection: TickConnection = {
      subscribe(wanted) {
        const refused: InstrumentKey[] = [];
        for (const key of closed ? [] : wanted) {
          const instrument = instruments.find(key);
          if (instrument === undefined) refused.push(key);
          else {
            subscribed.set(key, instrument);
            say(instrument);
          }
        }
        if (subscribed.size > 0) timer ??= setInterval(() => { for (const instrument of subscribed.values()) say(instrument); }, intervalMs).unref();
        return Promise.resolve(refused.map((instrument) => ({ instrument, reason: 'The simulated market knows no such instrument.' })));
      },
      unsubscribe(unwanted) {
        for (const key of unwanted) subscribed.delete(key);
        if (subscribed.size === 0) stopTimer();
      },
      ping: () => { if (!closed) listener.heard(); },
      close() {
        closed = true;
        stopTimer();
        subscribed.clear();
        connections.delete(connection);
        return Promise.resolve();
      },
    };
    connections.add(connection);
    return connection;
  };
  return {
    name: 'simulated',
    pace: 'live',
    connect: (listener) => Promise.resolve(ok(connect(listener))),
    async close() {
      for (const connection of [...connections]) await connection.close();
    },
  };
}
