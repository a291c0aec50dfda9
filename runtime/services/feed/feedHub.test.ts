import { backOffMs, FEED_LIMITS, type FeedLimits } from './limits';
import { createFeedHub } from './createFeedHub';
import type { FeedGap, FeedState, Tick, TickListener, TickSource } from '../../domain/feed';
import { toMoney } from '../../domain/money';
import { silentLog } from '../../../tests/doubles/ingressWorld';
import { keyOf, scriptedSource, tickOf } from '../../../tests/doubles/scriptedSource';
import { manualTime } from '../../../tests/doubles/manualTime';

const TEN = Date.UTC(2026, 10, 20, 4, 30);
const A = keyOf('A');
const B = keyOf('B');

function world(options: { readonly pace?: 'live' | 'recorded'; readonly pings?: boolean; readonly limits?: Partial<FeedLimits>; readonly isExpected?: () => boolean } = {}) {
  const time = manualTime(TEN);
  const source = scriptedSource(options);
  const logged: string[] = [];
  const write = (_fields: object, message: string): void => void logged.push(message);
  const hub = createFeedHub({
    source, clock: time.clock, pause: time.pause, random: () => 0.5, log: { debug: write, info: write, warn: write, error: write },
    isExpected: options.isExpected ?? (() => true), ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  const states: FeedState[] = [];
  const gaps: FeedGap[] = [];
  hub.onStatus(({ state }) => states.push(state));
  hub.onGap((gap) => gaps.push(gap));
  const send = (symbol: string, last: number, more: Partial<Tick> = {}) => source.tick(tickOf(symbol, last, time.clock.now(), more));
  /** Ticks of A once a second, so that the feed is neither dead nor mute. */
  const run = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      await time.pass(1_000);
      void send('A', 100);
    }
  };
  return { time, source, hub, states, gaps, logged, send, run };
}

describe('subscriptions', () => {
  test('all that is tapped in one breath is asked for in one request, each instrument once', async () => {
    const { hub, source, time } = world();
    hub.tap(A, () => undefined);
    hub.tap(A, () => undefined);
    hub.tap(B, () => undefined);
    await time.pass(0);
    expect(source.calls).toEqual(['connect', `subscribe ${A},${B}`]);
    hub.tap(keyOf('C'), () => undefined);
    await time.pass(0);
    expect(source.calls.slice(2)).toEqual(['subscribe NSE:C']);
    expect(hub.status()).toMatchObject({ state: 'live', subscriptions: 3 });
  });

  test('the last tap\'s end unsubscribes after a linger; who comes back within it costs nothing', async () => {
    const { hub, source, time, run } = world();
    hub.tap(A, () => undefined);
    const first = hub.tap(B, () => undefined);
    await time.pass(0);
    first();
    first();
    await run(20);
    const second = hub.tap(B, () => undefined);
    await run(5);
    second();
    await run(20);
    expect(source.calls.filter((call) => call.startsWith('uns'))).toEqual([]);
    await run(11);
    expect(source.calls.filter((call) => call.includes(B))).toEqual([`subscribe ${A},${B}`, `unsubscribe ${B}`]);
  });

  test('with nobody left the connection is closed, and opened again for the next', async () => {
    const { hub, source, time, states } = world({ pings: false, isExpected: () => false });
    hub.tap(A, () => undefined)();
    await time.pass(30_000);
    expect([source.isOpen(), states.at(-1)]).toEqual([false, 'disconnected']);
    hub.tap(B, () => undefined);
    await time.pass(0);
    expect(source.calls.slice(-2)).toEqual(['connect', `subscribe ${B}`]);
    expect(hub.status().reconnects).toBe(0);
  });

  test('an instrument that the source does not serve is named in the log and asked for once', async () => {
    const { hub, source, time, logged, run } = world();
    source.unknown.add(B);
    hub.tap(B, () => undefined);
    hub.tap(A, () => undefined);
    await run(5);
    await time.pass(0);
    expect(logged).toEqual(['the tick source does not serve an instrument']);
    expect(source.calls.filter((call) => call.startsWith('subscribe'))).toHaveLength(1);
  });
});

describe('connecting again', () => {
  test('failures are followed by waits that grow up to a limit, a stable connection makes them short again', async () => {
    const { hub, source, time, run, states } = world();
    source.script.push('fail', 'fail', 'fail');
    hub.tap(A, () => undefined);
    await time.pass(500 + 1_000 + 2_000);
    expect(source.calls.filter((call) => call === 'connect')).toHaveLength(4);
    expect(states).toEqual(['connecting', 'waiting', 'connecting', 'waiting', 'connecting', 'waiting', 'connecting', 'live']);
    await run(61);
    source.lose();
    await time.pass(499);
    expect(source.isOpen()).toBe(false);
    await time.pass(1);
    expect(source.isOpen()).toBe(true);
  });

  test('waits are drawn from the whole range below the bound', () => {
    expect([0, 0.5, 0.999].map((drawn) => backOffMs(3, FEED_LIMITS, () => drawn))).toEqual([0, 4_000, 7_992]);
    expect(backOffMs(1_000, FEED_LIMITS, () => 1)).toBe(60_000);
  });

  test('subscriptions come back, each with a gap from the last sign of life on, and ticks flow on', async () => {
    const { hub, source, time, gaps, send, run } = world();
    const seen: number[] = [];
    hub.tap(A, ({ last }) => void seen.push(last));
    hub.tap(B, () => undefined);
    await run(3);
    const lastAt = time.clock.now();
    await time.pass(700);
    source.lose();
    await time.pass(500);
    expect(gaps).toEqual([A, B].map((instrument) => ({ instrument, from: lastAt - 2_000, until: lastAt + 1_200 })));
    expect(source.calls.at(-1)).toBe(`subscribe ${A},${B}`);
    void send('A', 101);
    expect(seen.at(-1)).toBe(toMoney(101));
    expect(hub.status()).toMatchObject({ state: 'live', reconnects: 1 });
  });

  test('a refusal is not repeated by itself; a new subscription asks again, at most once a minute', async () => {
    const { hub, source, time } = world();
    source.script.push('refuse', 'refuse');
    hub.tap(A, () => undefined);
    await time.pass(59_000);
    hub.tap(B, () => undefined);
    await time.pass(500);
    expect(source.calls).toEqual(['connect']);
    expect(hub.status()).toMatchObject({ state: 'refused', reason: 'wrong key' });
    await time.pass(3_600_000);
    expect(source.calls).toEqual(['connect']);
    hub.tap(A, () => undefined);
    await time.pass(0);
    expect(source.calls).toEqual(['connect', 'connect']);
  });

  test('a source that says it missed ticks makes a gap since the last one', async () => {
    const { hub, source, gaps, run, time } = world();
    hub.tap(A, () => undefined);
    await run(2);
    const lastAt = time.clock.now();
    await time.pass(500);
    source.missed(A);
    expect(gaps).toEqual([{ instrument: A, from: lastAt, until: lastAt + 500 }]);
  });
});

describe('the watchdog', () => {
  test('a silent connection is asked for a sign of life and then dropped as half-open', async () => {
    const { hub, source, time, states } = world({ limits: { muteAfterMs: 600_000 } });
    hub.tap(A, () => undefined);
    await time.pass(24_000);
    expect(source.calls.slice(2)).toEqual(['ping', 'ping']);
    await time.pass(3_000);
    expect(source.calls.slice(4)).toEqual(['close', 'connect', `subscribe ${A}`]);
    expect(states.slice(-3)).toEqual(['waiting', 'connecting', 'live']);
  });

  test('a connection that answers pings and brings no tick is mute: shown, then dropped', async () => {
    const { hub, source, time, states } = world();
    hub.tap(A, () => undefined);
    for (let second = 0; second < 40; second += 1) {
      await time.pass(1_000);
      source.beat();
    }
    expect(states.slice(0, 4)).toEqual(['connecting', 'live', 'mute', 'waiting']);
    expect(source.calls).toContain('close');
    expect(hub.status().reconnects).toBe(1);
  });

  test('nobody drops a connection for silence while every subscribed market is closed', async () => {
    let open = false;
    const { hub, source, time } = world({ pings: false, isExpected: () => open });
    hub.tap(A, () => undefined);
    await time.pass(3_600_000);
    expect(source.calls).toEqual(['connect', `subscribe ${A}`]);
    open = true;
    await time.pass(27_000);
    expect(source.calls).toContain('close');
  });

  test('a contract that does not trade is left alone for longer each time', async () => {
    const { hub, source, time } = world();
    hub.tap(A, () => undefined);
    for (let second = 0; second < 3_600; second += 1) {
      await time.pass(1_000);
      source.beat();
    }
    expect(source.calls.filter((call) => call === 'connect').length).toBeLessThanOrEqual(10);
  });

  test('a clock that jumps an hour ahead or back drops nothing and keeps nothing dead', async () => {
    const { hub, source, time, run } = world();
    hub.tap(A, () => undefined);
    await run(5);
    time.clock.advance(3_600_000);
    await run(5);
    time.clock.advance(-7_200_000);
    await run(5);
    expect(source.calls).not.toContain('close');
    await time.pass(27_000);
    expect(source.calls).toContain('close');
  });

  test('a recording may rest for as long as it likes', async () => {
    const { hub, source, time } = world({ pace: 'recorded' });
    hub.tap(A, () => undefined);
    await time.pass(86_400_000);
    expect(source.calls).toEqual(['connect', `subscribe ${A}`]);
  });
});

describe('listeners', () => {
  test('one that throws, one that rejects and one that never returns harm nobody', async () => {
    const { hub, time, run, logged } = world();
    let served = 0;
    hub.tap(A, () => { throw new Error('broken'); });
    hub.tap(A, () => Promise.reject(new Error('broken later')));
    hub.tap(A, () => new Promise<void>(() => undefined));
    hub.tap(A, () => void (served += 1));
    await run(100);
    await time.pass(0);
    expect(served).toBe(100);
    expect(logged.filter((message) => message === 'a listener to ticks failed')).toHaveLength(10);
  });

  test('one that wants every tick keeps its order; too many unfinished ones wait, too many waiting ones become a gap', async () => {
    const { hub, time, send, gaps } = world({ limits: { unfinished: 2, waiting: 3 } });
    const seen: number[] = [];
    const ends: (() => void)[] = [];
    hub.tap(A, ({ last }) => {
      seen.push(last / 10_000);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
    await time.pass(0);
    for (let price = 101; price <= 106; price += 1) {
      void send('A', price);
      time.clock.advance(10);
    }
    expect(seen).toEqual([101, 102]);
    expect(hub.status().dropped).toBe(3);
    expect(gaps).toEqual([{ instrument: A, from: TEN + 20, until: TEN + 50 }]);
    for (const end of ends.splice(0)) end();
    await time.pass(0);
    expect(seen).toEqual([101, 102, 106]);
  });

  test('one that wants the newest is called one at a time, and what it is not given is no gap', async () => {
    const { hub, time, send, gaps } = world();
    const seen: number[] = [];
    const ends: (() => void)[] = [];
    hub.tap(A, ({ last }) => {
      seen.push(last / 10_000);
      return new Promise<void>((resolve) => ends.push(resolve));
    }, 'newest');
    await time.pass(0);
    for (const price of [101, 102, 103]) void send('A', price);
    ends.shift()?.();
    await time.pass(0);
    expect([seen, gaps, hub.status().dropped]).toEqual([[101, 103], [], 1]);
  });

  test('one that wants the newest is not bothered with late ticks', async () => {
    const { hub, time, send } = world();
    const seen: number[] = [];
    hub.tap(A, ({ last }) => void seen.push(last / 10_000), 'newest');
    await time.pass(0);
    void send('A', 100);
    void send('A', 99, { at: TEN - 5_000 });
    void send('A', 101);
    expect(seen).toEqual([100, 101]);
  });

  test('an ended one is not called any more, with what waited for it neither', async () => {
    const { hub, time, send } = world();
    const seen: number[] = [];
    let end = (): void => undefined;
    const leave = hub.tap(A, ({ last }) => {
      seen.push(last / 10_000);
      return new Promise<void>((resolve) => { end = resolve; });
    }, 'newest');
    await time.pass(0);
    for (const price of [101, 102]) void send('A', price);
    leave();
    end();
    await time.pass(0);
    void send('A', 103);
    expect(seen).toEqual([101]);
  });

  test('a recording waits for all of them, a live source for none', async () => {
    let end = (): void => undefined;
    const slow = (): Promise<void> => new Promise((resolve) => { end = resolve; });
    const recorded = world({ pace: 'recorded' });
    recorded.hub.tap(A, slow);
    recorded.hub.tap(A, () => undefined);
    await recorded.time.pass(0);
    let waited = false;
    const done = Promise.resolve(recorded.send('A', 100)).then(() => { waited = true; });
    await recorded.time.pass(10_000);
    expect(waited).toBe(false);
    end();
    await done;
    const live = world();
    live.hub.tap(A, slow);
    await live.time.pass(0);
    expect(live.send('A', 100)).toBeUndefined();
  });

  test('a recording gives up on one that never returns, and does not wait for it again', async () => {
    const { hub, time, send, logged } = world({ pace: 'recorded' });
    hub.tap(A, () => new Promise<void>(() => undefined));
    await time.pass(0);
    let played = 0;
    const play = (async () => {
      for (let tick = 0; tick < 200; tick += 1) {
        await send('A', 100);
        played += 1;
      }
    })();
    await time.pass(59_000);
    expect(played).toBe(0);
    await time.pass(20_000);
    await play;
    expect(played).toBe(200);
    expect(logged).toContain('a listener took too long: the recording plays on without it');
  });

  test('a late tick reaches its listeners and is not the newest price', async () => {
    const { hub, time, send } = world();
    const seen: number[] = [];
    hub.tap(A, ({ last }) => void seen.push(last / 10_000));
    await time.pass(0);
    void send('A', 100);
    void send('A', 99, { at: TEN - 5_000 });
    expect([seen, hub.latest(A)?.last]).toEqual([[100, 99], toMoney(100)]);
  });
});

test('a connection that was dropped and speaks after all is not heard', async () => {
  const time = manualTime(TEN);
  const quiet = scriptedSource({ pings: false });
  const listeners: TickListener[] = [];
  const source: TickSource = { ...quiet, connect: (listener) => {
    listeners.push(listener);
    return quiet.connect(listener);
  } };
  const hub = createFeedHub({ source, clock: time.clock, pause: time.pause, log: silentLog, random: () => 0.5, isExpected: () => true });
  const seen: Tick[] = [];
  hub.tap(A, (tick) => void seen.push(tick));
  await time.pass(27_000);
  expect(listeners).toHaveLength(2);
  void listeners[0]?.tick(tickOf('A', 100, time.clock.now()));
  listeners[0]?.lost('late');
  expect([seen, hub.status().state]).toEqual([[], 'live']);
  void listeners[1]?.tick(tickOf('A', 101, time.clock.now()));
  expect(seen).toHaveLength(1);
});

test('a book whose best prices cross is put aside, the last good one stays', async () => {
  const { hub, source, time } = world();
  hub.tap(A, () => undefined);
  await time.pass(0);
  const book = (bid: number, ask: number) => ({ instrument: A, at: TEN, bids: [{ price: toMoney(bid), quantity: 1 }], asks: [{ price: toMoney(ask), quantity: 1 }] });
  source.depth(book(99, 101));
  source.depth(book(102, 101));
  expect(hub.depth(A)).toEqual(book(99, 101));
  expect(hub.status().quarantined).toBe(1);
});

test('a closed feed has closed its connection, calls nobody and connects no more', async () => {
  const { hub, source, time, states } = world();
  hub.tap(A, () => undefined);
  await time.pass(0);
  await hub.close();
  await hub.close();
  hub.tap(B, () => undefined);
  await time.pass(3_600_000);
  expect(source.calls).toEqual(['connect', `subscribe ${A}`, 'close']);
  expect([states.at(-1), time.waiting]).toEqual(['closed', 0]);
});

test('a feed closed while it waits to connect again stays closed', async () => {
  const { hub, source, time } = world();
  source.script.push('fail');
  hub.tap(A, () => undefined);
  await time.pass(0);
  await hub.close();
  await time.pass(3_600_000);
  expect(source.calls).toEqual(['connect']);
});
