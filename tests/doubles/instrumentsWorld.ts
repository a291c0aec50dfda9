import { openMasterBook } from '../../runtime/adapters/instruments/store/masterBook';
import { manualClock, type ManualClock } from '../../runtime/adapters/system/manual';
import { createCatalogue, masterRow, readOverrides, withOverrides, type Catalogue, type MasterBook, type MasterFacts, type MasterRow, type MasterSource } from '../../runtime/domain/instrument';
import type { Log } from '../../runtime/domain/ports';
import { indiaTime } from '../../runtime/domain/session/days';
import { createDirectory, type InstrumentDirectory } from '../../runtime/services/instruments/directory';
import { createMasterKeeper, type MasterKeeper } from '../../runtime/services/instruments/keeper';
import { createSearch, type FindInstruments } from '../../runtime/services/instruments/search';

/** A future of NIFTY that ends on 2026-12-29, or what is said instead. */
export function listed(facts: Partial<MasterFacts> = {}): MasterRow {
  const made = masterRow({ exchange: 'NFO', segment: 'future', base: 'NIFTY', expiry: '2026-12-29', lotSize: 65, ...facts });
  if (made.kind !== 'row') throw new Error(JSON.stringify(made));
  return made.row;
}

export const share = (base: string, name = base, exchange: 'NSE' | 'BSE' = 'NSE'): MasterRow => listed({ exchange, segment: 'cash', base, lotSize: 1, name });

export const option = (strike: number, optionType: 'CE' | 'PE', facts: Partial<MasterFacts> = {}): MasterRow => listed({ segment: 'option', strike, optionType, ...facts });

/** A source whose list the test writes. */
export interface ScriptedMaster extends MasterSource {
  rows: readonly MasterRow[];
  /** What the next fetch throws, or the middle of the next list. */
  breaks?: 'fetch' | 'list';
  rejected: number;
  isUnchanged: boolean;
  fetches: number;
}

export function scriptedMaster(clock: ManualClock, rows: readonly MasterRow[], name = 'gateway'): ScriptedMaster {
  const source: ScriptedMaster = {
    name, rows, rejected: 0, isUnchanged: false, fetches: 0,
    async fetch() {
      await Promise.resolve();
      source.fetches += 1;
      if (source.breaks === 'fetch') throw new Error('the gateway is asleep');
      if (source.isUnchanged) return undefined;
      return { asOf: clock.now(), batches: batches() };
    },
  };
  async function* batches() {
    await Promise.resolve();
    yield { rows: source.rows, rejected: source.rejected, samples: [], skipped: 0 };
    if (source.breaks === 'list') throw new Error('the list broke off');
  }
  return source;
}

export interface InstrumentsWorld {
  readonly clock: ManualClock;
  readonly book: MasterBook;
  readonly catalogue: Catalogue;
  readonly directory: InstrumentDirectory;
  readonly search: FindInstruments;
  readonly source: ScriptedMaster;
  readonly keeper: MasterKeeper;
  readonly warnings: readonly string[];
}

/** The instruments of a runtime on 2026-11-20 at 10:00, with one scripted source that nobody has asked yet. */
export function instrumentsWorld(rows: readonly MasterRow[] = [listed()], overrides = ''): InstrumentsWorld {
  const clock = manualClock(indiaTime('2026-11-20', '10:00'));
  const warnings: string[] = [];
  const log: Log = { debug: () => undefined, info: () => undefined, warn: (_, message) => void warnings.push(message), error: (_, message) => void warnings.push(message) };
  const book = openMasterBook({ home: ':memory:', clock, log });
  const read = readOverrides(overrides);
  if (!read.ok) throw new Error(read.denial.message);
  const catalogue = withOverrides(createCatalogue(), read.value);
  const directory = createDirectory({ catalogue, master: book });
  const source = scriptedMaster(clock, rows);
  return {
    clock, book, catalogue, directory, source, warnings,
    search: createSearch({ directory, catalogue, master: book }),
    keeper: createMasterKeeper({ book, sources: [source], clock, log }),
  };
}
