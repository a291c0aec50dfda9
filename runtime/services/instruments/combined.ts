import type { InstrumentOverride } from '../../domain/instrument';
import type { Exchange, Instrument } from '../../domain/market';
import { toMoney } from '../../domain/money';

/** Where every broker writes lots and freeze quantities in units; elsewhere some count lots and some units, and a lot of 1 may stand for 100 barrels. */
const UNIT_EXCHANGES: ReadonlySet<Exchange> = new Set(['NSE', 'BSE', 'NFO', 'BFO', 'NSE_INDEX', 'BSE_INDEX', 'MCX_INDEX']);

/**
 * One instrument from what the master, the bundled rules and the user say of it.
 * Lot, tick and freeze of contracts are the master's; of commodities and currencies the lot is the bundled one where there is one. The tick of a share depends
 * on its price, by the bundled bands: a list gives the one of the day it was made.
 */
export function combined({ version, bundled, correction }: {
  readonly version: Instrument; readonly bundled: Partial<Instrument>; readonly correction: InstrumentOverride | undefined;
}): Instrument {
  const { tickSize: listedTick, freezeQuantity: listedFreeze, ...identity } = version;
  const inUnits = UNIT_EXCHANGES.has(version.exchange);
  const isContract = version.segment === 'future' || version.segment === 'option';
  const lotSize = correction?.lotSize ?? (inUnits ? version.lotSize : bundled.lotSize ?? version.lotSize);
  const tickSize = correction?.tickSize === undefined ? (isContract ? listedTick ?? bundled.tickSize : bundled.tickSize) : toMoney(correction.tickSize);
  const freezeQuantity = correction?.freezeQuantity ?? (inUnits ? listedFreeze ?? bundled.freezeQuantity : bundled.freezeQuantity);
  const ticks = tickSize !== undefined ? { tickSize } : bundled.tickBands === undefined ? {} : { tickBands: bundled.tickBands };
  return { ...identity, lotSize, ...ticks, ...(freezeQuantity === undefined ? {} : { freezeQuantity }) };
}
