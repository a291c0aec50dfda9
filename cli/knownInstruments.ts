import { loadInstruments } from '../runtime/adapters/instruments/loadInstruments';
import { createCatalogue } from '../runtime/domain/instrument';
import type { Instruments } from '../runtime/domain/ports';

/** Instruments for what is only shown: a file of corrections that can not be read is no reason to show nothing. */
export function knownInstruments(home: string): Instruments {
  try {
    return loadInstruments(home);
  } catch {
    return createCatalogue();
  }
}
