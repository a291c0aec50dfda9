import { upstoxMasterSource } from './adapters/brokers/upstox/masterSource';
import { folderSource } from './adapters/instruments/folderSource';
import { loadInstruments } from './adapters/instruments/loadInstruments';
import { openAlgoMasterSource } from './adapters/instruments/openAlgoMasterSource';
import { openMasterBook } from './adapters/instruments/store/masterBook';
import { systemClock } from './adapters/system/clock';
import { pinoLog } from './adapters/system/log';
import { createCatalogue, type MasterAttempt } from './domain/instrument';
import type { Outcome } from './domain/denial';
import type { Instrument } from './domain/market';
import type { SearchQuery } from './domain/nodeContext';
import type { Clock, Log } from './domain/ports';
import { createDirectory, type InstrumentDirectory } from './services/instruments/directory';
import { createMasterKeeper, type MasterKeeper } from './services/instruments/keeper';
import { createSearch, type FindInstruments } from './services/instruments/search';

export interface OpenInstrumentsOptions {
  /** State folder; ':memory:' knows the bundled instruments and keeps no master. */
  readonly home: string;
  readonly clock?: Clock;
  readonly log?: Log;
  /** A running OpenAlgo to fetch the list from. */
  readonly openAlgo?: { readonly url: string; readonly apiKey: string };
  /** Upstox' public list, where Upstox gives the prices. */
  readonly upstox?: { readonly masterAddress: string };
}

/** Everything about instruments, composed. */
export interface InstrumentDesk {
  readonly directory: InstrumentDirectory;
  readonly search: FindInstruments;
  /** The same for nodes: what they may trade now. */
  readonly answer: (query: SearchQuery) => Outcome<readonly Instrument[]>;
  readonly keeper: MasterKeeper;
  /** The newest first. */
  attempts(): readonly MasterAttempt[];
  /** Waits for a refresh that is under way, then closes the file. */
  close(): Promise<void>;
}

/** Opens the instruments of a state folder: bundled rules, the user's `instruments.csv` over them, and the masters of the folder's files, of OpenAlgo or of Upstox. Nothing is fetched yet. */
export function openInstruments({ home, clock = systemClock, log = pinoLog(), openAlgo, upstox }: OpenInstrumentsOptions): InstrumentDesk {
  const inMemory = home === ':memory:';
  const catalogue = inMemory ? createCatalogue() : loadInstruments(home);
  const book = openMasterBook({ home, clock, log });
  const directory = createDirectory({ catalogue, master: book });
  const keeper = createMasterKeeper({
    book, clock, log,
    sources: [
      ...(inMemory ? [] : [folderSource(home)]),
      ...(upstox === undefined ? [] : [upstoxMasterSource({ address: upstox.masterAddress, clock })]),
      ...(openAlgo === undefined ? [] : [openAlgoMasterSource({ ...openAlgo, clock })]),
    ],
  });
  const search = createSearch({ directory, catalogue, master: book });
  return {
    directory, keeper, search,
    answer: (query) => search({ ...query, at: clock.now() }),
    attempts: () => book.attempts(),
    async close() {
      await keeper.idle();
      book.close();
    },
  };
}
