import type { MasterBatch, MasterRow, RejectedRow } from '../../../domain/instrument';
import { MASTER_FORMATS, type MasterFormat } from '../formats';
import { MasterError, textOf, type Bytes } from './bytes';
import type { BrokenLine, MasterRecord } from './record';
import { recordsOf } from './recordsOf';

export interface ReadMasterOptions {
  /** Text read at most, unpacked; default 512 MiB. */
  readonly maxBytes?: number;
  /** Records read at most; default 1,000,000. */
  readonly maxRecords?: number;
}

const MAX_BYTES = 512 * 1_024 * 1_024;
const MAX_RECORDS = 1_000_000;

/** Rows of one batch: what a transaction writes in a few milliseconds. */
export const BATCH_ROWS = 500;

/** Rejected lines of a batch that are told of; all are counted. */
const MOST_SAMPLES_PER_BATCH = 5;

/**
 * The instruments of a broker's list: CSV or JSON, packed or not, in any known format, which its first record tells. Memory holds a batch, never the list.
 * A line that can not be read is rejected with a reason. Throws a MasterError for a list that breaks off, is too long, or is none.
 */
export async function* readMaster(bytes: Bytes, options: ReadMasterOptions = {}): AsyncGenerator<MasterBatch> {
  const { maxBytes = MAX_BYTES, maxRecords = MAX_RECORDS } = options;
  let format: MasterFormat | undefined;
  let seen = 0;
  let batch = newBatch();
  for await (const records of recordsOf(textOf(bytes, maxBytes))) {
    seen += records.length;
    if (seen > maxRecords) throw new MasterError(`The list has more than ${maxRecords} lines.`);
    for (const record of records) {
      format ??= formatOf(record);
      take(batch, record, format);
      if (batch.rows.length < BATCH_ROWS) continue;
      yield batch;
      batch = newBatch();
    }
  }
  yield batch;
}

interface OpenBatch extends MasterBatch {
  readonly rows: MasterRow[];
  readonly samples: RejectedRow[];
  rejected: number;
  skipped: number;
}

function newBatch(): OpenBatch {
  return { rows: [], samples: [], rejected: 0, skipped: 0 };
}

function take(batch: OpenBatch, record: MasterRecord | BrokenLine, format: MasterFormat | undefined): void {
  const { line } = record;
  const reading = 'why' in record ? { kind: 'rejected' as const, why: record.why } : format?.read(record.fields);
  if (reading === undefined) return;
  if (reading.kind === 'row') batch.rows.push(reading.row);
  else if (reading.kind === 'skipped') batch.skipped += 1;
  else {
    batch.rejected += 1;
    if (batch.samples.length < MOST_SAMPLES_PER_BATCH) batch.samples.push({ line, why: reading.why });
  }
}

function formatOf(record: MasterRecord | BrokenLine): MasterFormat | undefined {
  if ('why' in record) return undefined;
  const format = MASTER_FORMATS.find((one) => one.matches(record.fields));
  if (format === undefined) throw new MasterError(`The list has the columns ${Object.keys(record.fields).slice(0, 12).join(', ')}: no known broker writes it so.`);
  return format;
}
