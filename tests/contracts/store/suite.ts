import { admissionContract } from './admission';
import { eventsContract } from './events';
import { changesContract } from './changes';
import { differencesContract } from './differences';
import type { OpenStore } from './fixtures';
import { inboxContract } from './inbox';
import { protectionsContract } from './protections';
import { reEntriesContract } from './reEntries';
import { approvalsContract } from './approvals';
import { restartContract } from './restart';
import { standingContract } from './standing';
import { tradeControlContract } from './tradeControl';
import { updatesContract } from './updates';

/**
 * What every implementation of the `Store` port must do. `open` gives a fresh, empty one with a clock that stands at `T0`.
 * `durable` says that it outlives its process: then `open` gives `reopen` too and restarts are tested.
 */
export function storeContract(name: string, open: OpenStore, { durable }: { readonly durable: boolean }): void {
  describe(name, () => {
    inboxContract(open);
    admissionContract(open);
    updatesContract(open);
    standingContract(open);
    tradeControlContract(open);
    changesContract(open);
    eventsContract(open);
    protectionsContract(open);
    reEntriesContract(open);
    approvalsContract(open);
    differencesContract(open);
    if (durable) restartContract(open);
  });
}
