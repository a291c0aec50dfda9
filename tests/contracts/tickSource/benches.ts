import { filePlayer } from '../../../runtime/adapters/ticks/file/filePlayer';
import { readRecording } from '../../../runtime/adapters/ticks/file/recording';
import { openAlgoSource } from '../../../runtime/adapters/ticks/openalgo/openAlgoSource';
import { simulatedSource } from '../../../runtime/adapters/ticks/simulated/simulatedSource';
import { manualClock } from '../../../runtime/adapters/system/manual';
import { createCatalogue } from '../../../runtime/domain/instrument';
import { instrumentKey, type Instrument, type InstrumentKey } from '../../../runtime/domain/market';
import { silentLog } from '../../doubles/ingressWorld';
import { openAlgoFeed } from '../../doubles/openalgoFeed';
import type { SourceBench } from './bench';
import { upstoxFeedBench, upstoxKeyOf } from './upstoxBench';

export const TEN = Date.UTC(2026, 10, 20, 4, 30);
const INSTRUMENTS = [instrumentKey('NSE', 'SBIN'), instrumentKey('NSE', 'TCS'), instrumentKey('NSE', 'INFY')] as const;
const UNKNOWN = 'NSE:NOSUCHSHARE' as InstrumentKey;

/** Every source of ticks, each as it is used. */
export const BENCHES: readonly { readonly name: string; readonly open: () => Promise<SourceBench> }[] = [
  { name: 'the simulated market', open: simulatedBench },
  { name: 'the file player', open: fileBench },
  { name: 'OpenAlgo', open: openAlgoBench },
  { name: 'Upstox', open: upstoxBench },
];

function simulatedBench(): Promise<SourceBench> {
  const clock = manualClock(TEN);
  const catalogue = createCatalogue();
  const source = simulatedSource({ clock, seed: 1, intervalMs: 1, instruments: { find: (key) => (key === UNKNOWN ? undefined : catalogue.find(key)) } });
  return Promise.resolve({ source, instruments: INSTRUMENTS, unknown: UNKNOWN, stir: () => clock.advance(100), close: () => source.close() });
}

function fileBench(): Promise<SourceBench> {
  const minutes = Array.from({ length: 370 }, (_, minute) => `${TEN + minute * 60_000},${100 + (minute % 7)},${110 + (minute % 7)},${90 + (minute % 7)},${101 + (minute % 7)},${1_000 + minute}`).join('\n');
  const recordings = INSTRUMENTS.map((key) => {
    const symbol = key.slice('NSE:'.length);
    const instrument: Instrument = { key, exchange: 'NSE', symbol, segment: 'cash', base: symbol, lotSize: 1 };
    const recording = readRecording(minutes, { instrument });
    if (!recording.ok) throw new Error(recording.denial.message);
    return recording.value;
  });
  const player = filePlayer({ recordings, sessions: { isOpen: () => true }, starts: 'told' });
  return Promise.resolve({ source: player, instruments: INSTRUMENTS, unknown: UNKNOWN, stir: () => player.playUntil(player.clock.now() + 60_000), close: () => player.close() });
}

async function openAlgoBench(): Promise<SourceBench> {
  const server = await openAlgoFeed();
  server.behaviour.unknown.add(UNKNOWN);
  const clock = manualClock(TEN);
  const source = openAlgoSource({ url: server.url, apiKey: server.apiKey, clock, log: silentLog });
  let said = 0;
  return {
    source, instruments: INSTRUMENTS, unknown: UNKNOWN,
    stir() {
      clock.advance(100);
      said += 1;
      for (const instrument of INSTRUMENTS) server.tick(instrument, { ltp: 800 + (said % 5), volume: said * 10, bid: 799, ask: 806, ltt: clock.now(), timestamp: clock.now() });
    },
    async close() {
      await source.close();
      await server.close();
    },
  };
}

async function upstoxBench(): Promise<SourceBench> {
  const bench = await upstoxFeedBench();
  const { server, clock, instruments } = bench;
  let said = 0;
  return {
    source: bench.open(), instruments, unknown: UNKNOWN, close: () => bench.close(),
    stir() {
      clock.advance(100);
      said += 1;
      for (const symbol of ['SBIN', 'TCS', 'INFY']) server.sockets.quote(upstoxKeyOf(symbol), { ltp: 800 + (said % 5), ltt: clock.now(), volume: said * 10, levels: [[5, 799, 7, 806]] }, clock.now());
    },
  };
}
