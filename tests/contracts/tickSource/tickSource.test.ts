import { connected, ear, type SourceBench } from './bench';
import { BENCHES } from './benches';

describe.each(BENCHES)('$name', ({ open }) => {
  let bench: SourceBench;
  beforeEach(async () => { bench = await open(); });
  afterEach(() => bench.close());

  test('gives ticks of what is subscribed and of nothing else', async () => {
    const [one, other] = bench.instruments;
    const { listener, ticks, until } = ear();
    const connection = await connected(bench.source, listener);
    expect(await connection.subscribe([one, other])).toEqual([]);
    await until(() => [one, other].every((instrument) => ticks.some((tick) => tick.instrument === instrument)) && ticks.length > 20, bench);
    expect(new Set(ticks.map(({ instrument }) => instrument))).toEqual(new Set([one, other]));
  });

  test('its ticks have a price above zero, an uncrossed book, whole times and a volume that does not fall', async () => {
    const { listener, ticks, until } = ear();
    const connection = await connected(bench.source, listener);
    await connection.subscribe([bench.instruments[0]]);
    await until(() => ticks.length > 20, bench);
    for (const { last, bid = last, ask = last, at } of ticks) {
      expect(Number.isSafeInteger(last) && last > 0 && bid > 0 && bid <= ask).toBe(true);
      expect(Number.isSafeInteger(at)).toBe(true);
    }
    const volumes = ticks.map(({ dayVolume = 0 }) => dayVolume);
    expect(volumes).toEqual([...volumes].sort((a, b) => a - b));
    expect(ticks.every(({ dayVolume, lastQuantity }) => (dayVolume ?? lastQuantity ?? -1) >= 0)).toBe(true);
    const times = ticks.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test('names what it does not serve, with a reason, and serves the rest of the request', async () => {
    const [one] = bench.instruments;
    const { listener, ticks, until } = ear();
    const connection = await connected(bench.source, listener);
    const refused = await connection.subscribe([bench.unknown, one]);
    expect(refused.map(({ instrument, reason }) => [instrument, reason.length > 0])).toEqual([[bench.unknown, true]]);
    await until(() => ticks.length > 3, bench);
    expect(new Set(ticks.map(({ instrument }) => instrument))).toEqual(new Set([one]));
  });

  test('more can be subscribed later, and what is unsubscribed goes quiet', async () => {
    const [one, other] = bench.instruments;
    const { listener, ticks, until } = ear();
    const connection = await connected(bench.source, listener);
    await connection.subscribe([one]);
    await connection.subscribe([other]);
    await until(() => ticks.some(({ instrument }) => instrument === other), bench);
    connection.unsubscribe([one]);
    const before = ticks.length;
    await until(() => ticks.length > before + 5, bench);
    expect(ticks.slice(before).filter(({ instrument }) => instrument === one)).toEqual([]);
  });

  test('a closed connection says nothing more, closes twice without harm, and a new one takes over', async () => {
    const first = ear();
    const connection = await connected(bench.source, first.listener);
    await connection.subscribe([bench.instruments[0]]);
    await first.until(() => first.ticks.length > 0, bench);
    await connection.close();
    await connection.close();
    const before = first.ticks.length;
    const second = ear();
    const again = await connected(bench.source, second.listener);
    await again.subscribe([bench.instruments[0]]);
    await second.until(() => second.ticks.length > 0, bench);
    expect([first.ticks.length, first.lost, second.lost]).toEqual([before, [], []]);
    await again.close();
  });

  test('answers a ping, where it has one, with a sign of life', async () => {
    const { listener, heard, until } = ear();
    const connection = await connected(bench.source, listener);
    const before = heard();
    connection.ping?.();
    if (connection.ping !== undefined) await until(() => heard() > before, { stir: () => undefined });
    expect(bench.source.pace === 'live' && connection.ping === undefined).toBe(false);
  });
});
