import { loadInstruments } from '../runtime/adapters/instruments/loadInstruments';
import { readMasters } from '../runtime/adapters/instruments/store/readMasters';
import { createCatalogue, resolveSymbol } from '../runtime/domain/instrument';
import { Exchange } from '../runtime/domain/market';
import type { Instruments } from '../runtime/domain/ports';
import { createDirectory } from '../runtime/services/instruments/directory';
import { findHome, HomeNotFound } from './home';
import type { World } from './main';

/** Symbols by what is on this machine: bundled instruments and, where there is a state folder, its corrections and masters. Nothing is fetched and nothing is written. */
export interface KnownSymbols {
  /** False for what would be refused as unknown. A contract that has expired was once known, and one that is ambiguous is two. */
  isListed(exchange: string, symbol: string): boolean;
  close(): void;
}

export function knownSymbols(named: string | undefined, world: World): KnownSymbols {
  const home = homeOf(named, world);
  const master = home === undefined ? undefined : readMasters(home);
  const instruments: Instruments = createDirectory({ catalogue: home === undefined ? createCatalogue() : loadInstruments(home), ...(master === undefined ? {} : { master }) });
  return {
    isListed(exchange, symbol) {
      const own = Exchange.safeParse(exchange);
      if (!own.success) return true;
      const found = resolveSymbol({ exchange: own.data, symbol, at: world.now(), instruments });
      return found.ok || found.denial.code !== 'UNKNOWN_SYMBOL';
    },
    close: () => { master?.close(); },
  };
}

/** A folder that was named must be there; without one, bundled instruments are enough. */
function homeOf(named: string | undefined, world: World): string | undefined {
  try {
    return findHome(named, world);
  } catch (error) {
    if (named === undefined && error instanceof HomeNotFound) return undefined;
    throw error;
  }
}
