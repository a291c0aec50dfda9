import { deny, ok, type Outcome } from '../../runtime/domain/denial';
import type { Depth, Tick, TickConnection, TickListener, TickSource } from '../../runtime/domain/feed';
import type { InstrumentKey } from '../../runtime/domain/market';
import { toMoney } from '../../runtime/domain/money';
import type { EpochMs } from '../../runtime/domain/time';

/** How the next attempts to connect end; without a script they succeed. */
export type ConnectStep = 'ok' | 'fail' | 'refuse';

export interface ScriptedSource extends TickSource {
  /** Ends of the attempts to come, in order. */
  readonly script: ConnectStep[];
  /** Instruments that the source does not serve. */
  readonly unknown: Set<InstrumentKey>;
  /** What was asked of it: `connect`, `subscribe A,B`, `unsubscribe A`, `ping`, `close`. */
  readonly calls: string[];
  /** A sign of life without a tick. */
  beat(): void;
  tick(tick: Tick): void | Promise<void>;
  depth(depth: Depth): void;
  missed(instrument: InstrumentKey): void;
  lose(reason?: string): void;
  /** True while a connection is open. */
  isOpen(): boolean;
}

/** A tick source that does what the test says. */
export function scriptedSource({ pace = 'live', pings = true }: { readonly pace?: TickSource['pace']; readonly pings?: boolean } = {}): ScriptedSource {
  const script: ConnectStep[] = [];
  const calls: string[] = [];
  const unknown = new Set<InstrumentKey>();
  let listener: TickListener | undefined;

  const connection = (own: TickListener): TickConnection => ({
    subscribe(instruments) {
      calls.push(`subscribe ${instruments.join(',')}`);
      return Promise.resolve(instruments.filter((instrument) => unknown.has(instrument)).map((instrument) => ({ instrument, reason: 'unknown' })));
    },
    unsubscribe: (instruments) => void calls.push(`unsubscribe ${instruments.join(',')}`),
    ...(pings ? { ping: () => void calls.push('ping') } : {}),
    close() {
      if (listener === own) {
        listener = undefined;
        calls.push('close');
      }
      return Promise.resolve();
    },
  });
  const connect = (own: TickListener): Promise<Outcome<TickConnection>> => {
    calls.push('connect');
    const step = script.shift() ?? 'ok';
    if (step === 'fail') return Promise.reject(new Error('no route'));
    if (step === 'refuse') return Promise.resolve(deny('WRONG_SECRET', 'wrong key'));
    listener = own;
    return Promise.resolve(ok(connection(own)));
  };
  return {
    name: 'scripted', pace, script, unknown, calls, connect,
    beat: () => listener?.heard(),
    tick: (tick) => listener?.tick(tick),
    depth: (depth) => listener?.depth?.(depth),
    missed: (instrument) => listener?.missed?.(instrument),
    lose(reason = 'reset') {
      const own = listener;
      listener = undefined;
      own?.lost(reason);
    },
    isOpen: () => listener !== undefined,
    close: () => Promise.resolve(),
  };
}

/** A tick of `NSE:<symbol>` (or of a full key) at `last` rupees. */
export function tickOf(symbol: string, last: number, at: EpochMs, more: Partial<Tick> = {}): Tick {
  return { instrument: keyOf(symbol), last: toMoney(last), at, ...more };
}

export function keyOf(symbol: string): InstrumentKey {
  return (symbol.includes(':') ? symbol : `NSE:${symbol}`) as InstrumentKey;
}
