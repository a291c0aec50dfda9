import { z } from 'zod';
import type { AccountSecrets } from '../../domain/account';
import { deny, ok, type Denial, type Outcome } from '../../domain/denial';
import type { Clock } from '../../domain/ports';
import type { EpochMs } from '../../domain/time';
import { systemClock } from '../system/clock';
import { seal, Sealed, unseal } from './sealing';
import { changeEntries, readEntries, VAULT_FILE, type Entries } from './vaultFile';

/** Where the key stands when no host gives one. */
export const VAULT_KEY_VARIABLE = 'BELLWETHER_VAULT_KEY';
/** Shorter keys are guessed. */
export const LEAST_KEY_LENGTH = 12;

/** Broker secrets of accounts, for when no flow is there to bring them: protection, `bellwether guard`, preflight. Sealed in `vault.json` of the state folder, an entry an account. */
export interface Vault {
  /** Whose secrets are there, and since when; needs no key. */
  list(): Promise<Outcome<readonly { readonly account: string; readonly changedAt: EpochMs }[]>>;
  /** An account's secrets; undefined where there are none. VAULT_LOCKED without the key, with another one, or for a file that was changed. */
  get(account: string): Promise<Outcome<AccountSecrets | undefined>>;
  /** Keeps an account's secrets instead of those it had. Refused with a key that does not open what is there already. */
  set(account: string, secrets: AccountSecrets): Promise<Outcome<undefined>>;
  /** True when there were some; needs no key. */
  remove(account: string): Promise<Outcome<boolean>>;
  /** Seals everything anew with another key, all or nothing; how many entries. */
  rekey(newKey: string): Promise<Outcome<number>>;
}

const Secrets = z.record(z.string().max(60), z.string().max(16_384));

/** The vault of a state folder. Without a key it can be listed; nothing is read before it is asked for. */
export function openVault(home: string, key: string | undefined, clock: Clock = systemClock): Vault {
  const withKey = (): Outcome<string> => (key === undefined || key === '' ? locked('There is no key for it.') : usable(key));
  const opened = async (entries: Entries, account: string, passphrase: string): Promise<Outcome<AccountSecrets>> => {
    const text = await unseal(account, Sealed.parse(entries.get(account)), passphrase);
    const secrets = text === undefined ? undefined : Secrets.safeParse(JSON.parse(text));
    return secrets?.success === true ? ok(secrets.data) : locked(`The key does not open the entry of ${account}, or the file was changed.`);
  };
  return {
    list() {
      const read = readEntries(home);
      return Promise.resolve(read.ok ? ok([...read.value].map(([account, { changedAt }]) => ({ account, changedAt })).sort((a, b) => a.account.localeCompare(b.account))) : read);
    },
    async get(account) {
      const read = readEntries(home);
      if (!read.ok) return read;
      if (!read.value.has(account)) return ok(undefined);
      const passphrase = withKey();
      return passphrase.ok ? opened(read.value, account, passphrase.value) : passphrase;
    },
    async set(account, secrets) {
      const passphrase = withKey();
      if (!passphrase.ok) return passphrase;
      const changed = await changeEntries(home, async (entries) => {
        const [first] = entries.keys();
        // One key opens the whole vault: an entry of another key would be found out about when it is needed.
        const isOpen = first === undefined ? ok({}) : await opened(entries, first, passphrase.value);
        return isOpen.ok ? ok(new Map(entries).set(account, await seal(account, JSON.stringify(secrets), passphrase.value, clock.now()))) : isOpen;
      });
      return changed.ok ? ok(undefined) : changed;
    },
    async remove(account) {
      let found = false;
      const changed = await changeEntries(home, (entries) => {
        const left = new Map(entries);
        found = left.delete(account);
        return Promise.resolve(ok(left));
      });
      return changed.ok ? ok(found) : changed;
    },
    async rekey(newKey) {
      const [passphrase, next] = [withKey(), usable(newKey)];
      if (!passphrase.ok) return passphrase;
      if (!next.ok) return next;
      const changed = await changeEntries(home, async (entries) => {
        const anew = new Map(entries);
        for (const [account, { changedAt }] of entries) {
          const secrets = await opened(entries, account, passphrase.value);
          if (!secrets.ok) return secrets;
          anew.set(account, await seal(account, JSON.stringify(secrets.value), next.value, changedAt));
        }
        return ok(anew);
      });
      return changed.ok ? ok(changed.value.size) : changed;
    },
  };
}

/** The key as it is, unless it is too short to keep anything. */
function usable(key: string): Outcome<string> {
  return key.length < LEAST_KEY_LENGTH ? deny('VAULT_LOCKED', `The vault's key has fewer than ${LEAST_KEY_LENGTH} characters.`, { remedy: 'Use a long random text.' }) : ok(key);
}

function locked(why: string): { readonly ok: false; readonly denial: Denial } {
  return deny('VAULT_LOCKED', `The vault is locked: ${why}`, { remedy: `Give ${VAULT_KEY_VARIABLE} the key that ${VAULT_FILE} was made with.` });
}
