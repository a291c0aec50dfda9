import { z } from 'zod';
import { deny, ok, type Outcome } from '../../../domain/denial';
import type { InstrumentKey } from '../../../domain/market';
import type { Clock, Log } from '../../../domain/ports';
import { indiaDate } from '../../../domain/session';
import { MINUTE_MS, SECOND_MS, type EpochMs, type IsoDate } from '../../../domain/time';
import { upstoxFormat } from '../../instruments/formats/upstox';
import { MasterError, textOf, type Bytes } from '../../instruments/masters/bytes';
import { recordsOf } from '../../instruments/masters/recordsOf';

/** Names both ways, as of one list. */
export interface KeyTable {
  /** What Upstox calls an instrument: `NSE_EQ|INE062A01020`, `NSE_FO|52618`. */
  upstoxKey(instrument: InstrumentKey): string | undefined;
  instrument(upstoxKey: string): InstrumentKey | undefined;
  readonly size: number;
}

/** The names of one day, shared by orders, prices and candles. */
export interface UpstoxKeys {
  /** Read once a day; a denial while no list could be read at all. Never rejects. */
  table(): Promise<Outcome<KeyTable>>;
}

export interface UpstoxKeysOptions {
  /** Opens the packed or plain JSON list (`openMasterBytes`). */
  readonly open: () => Promise<Outcome<Bytes>>;
  readonly clock: Clock;
  readonly log: Log;
}

const MOST_BYTES = 512 * 1_024 * 1_024;
const MOST_RECORDS = 1_000_000;
/** Upstox writes a new list at about 6 in the morning: what was read before half past is yesterday's. */
const NEW_LIST_MS = 6.5 * 60 * MINUTE_MS;
/** A list that could not be had is asked for again after this. */
const AGAIN_MS = 30 * SECOND_MS;

/**
 * Keys of shares are ISINs and those of contracts are numbers: neither can be told from a symbol, so Upstox' own list has to be read. Where a new day's list can not be had,
 * yesterday's goes on serving: it lacks only what was listed today. The first line of an instrument counts.
 */
export function upstoxKeys({ open, clock, log }: UpstoxKeysOptions): UpstoxKeys {
  let current: { readonly table: KeyTable; readonly day: IsoDate } | undefined;
  let underway: Promise<Outcome<KeyTable>> | undefined;
  let failed: { readonly outcome: Extract<Outcome<KeyTable>, { ok: false }>; readonly at: EpochMs } | undefined;

  const load = async (day: IsoDate): Promise<Outcome<KeyTable>> => {
    const read = await readTable(open);
    if (read.ok) {
      current = { table: read.value, day };
      failed = undefined;
      return read;
    }
    failed = { outcome: read, at: clock.now() };
    log.warn({ source: 'upstox', reason: read.denial.message, goesOnWith: current?.day }, 'Upstox\' list of instruments could not be read');
    return current === undefined ? read : ok(current.table);
  };
  return {
    async table() {
      const day = indiaDate(clock.now() - NEW_LIST_MS);
      if (current?.day === day) return ok(current.table);
      if (failed !== undefined && clock.now() - failed.at < AGAIN_MS) return current === undefined ? failed.outcome : ok(current.table);
      underway ??= load(day).finally(() => { underway = undefined; });
      return underway;
    },
  };
}

const Line = z.object({ instrument_key: z.string().min(3).max(100) });

async function readTable(open: UpstoxKeysOptions['open']): Promise<Outcome<KeyTable>> {
  const opened = await open();
  if (!opened.ok) return opened;
  const byInstrument = new Map<InstrumentKey, string>();
  const byKey = new Map<string, InstrumentKey>();
  let seen = 0;
  try {
    for await (const records of recordsOf(textOf(opened.value, MOST_BYTES))) {
      seen += records.length;
      if (seen > MOST_RECORDS) throw new MasterError(`The list has more than ${MOST_RECORDS} lines.`);
      for (const record of records) {
        const line = 'fields' in record ? Line.safeParse(record.fields) : undefined;
        const reading = line?.success === true && 'fields' in record ? upstoxFormat.read(record.fields) : undefined;
        if (line?.success !== true || reading?.kind !== 'row') continue;
        if (!byInstrument.has(reading.row.key)) byInstrument.set(reading.row.key, line.data.instrument_key);
        byKey.set(line.data.instrument_key, reading.row.key);
      }
    }
  } catch (error) {
    if (!(error instanceof MasterError)) throw error;
    return deny('NOT_READY', `Upstox' list of instruments can not be read: ${error.message}`);
  }
  if (byInstrument.size === 0) return deny('NOT_READY', 'Upstox\' list of instruments holds none that are known here.');
  return ok({ upstoxKey: (instrument) => byInstrument.get(instrument), instrument: (key) => byKey.get(key), size: byInstrument.size });
}
