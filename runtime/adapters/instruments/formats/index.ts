import { angelOneFormat } from './angelOne';
import { dhanFormat } from './dhan';
import type { MasterFormat } from './fields';
import { kiteFormat } from './kite';
import { openAlgoFormat } from './openAlgo';
import { upstoxCsvFormat, upstoxFormat } from './upstox';

export type { MasterFormat } from './fields';

/** Told apart by the fields of their first record; the first that matches is taken. */
export const MASTER_FORMATS: readonly MasterFormat[] = [openAlgoFormat, upstoxFormat, upstoxCsvFormat, kiteFormat, dhanFormat, angelOneFormat];
