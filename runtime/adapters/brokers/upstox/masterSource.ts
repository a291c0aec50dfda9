import type { MasterSource } from '../../../domain/instrument';
import type { Clock } from '../../../domain/ports';
import { MasterError } from '../../instruments/masters/bytes';
import { readMaster } from '../../instruments/masters/readMaster';
import { openMasterBytes } from './masterBytes';

/** Upstox' list as a source of instruments: lots, ticks, expiries and strikes of today. */
export function upstoxMasterSource({ address, clock }: { readonly address: string; readonly clock: Clock }): MasterSource {
  return {
    name: 'upstox',
    async fetch() {
      const asOf = clock.now();
      const opened = await openMasterBytes({ address });
      if (!opened.ok) throw new MasterError(opened.denial.message);
      return { asOf, batches: readMaster(opened.value) };
    },
  };
}
