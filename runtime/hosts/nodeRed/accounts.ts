import { DEFAULT_ACCOUNT, DEFAULT_ACCOUNT_ID } from '../../domain/account';
import { deny, ok, type Outcome } from '../../domain/denial';
import type { Runtime } from '../../runtime';
import type { DeclaredAccount } from '../accountForm';
import { Claims, type Claimant } from './claims';
import { DenialError } from './denialError';

const PAPER: DeclaredAccount = { config: DEFAULT_ACCOUNT, secrets: undefined };

interface Declaration {
  readonly account: DeclaredAccount;
  readonly done: Promise<void>;
}

/**
 * The accounts of deployed config nodes. A node that names none uses the default paper account, with the limits of a config node
 * of the same id where there is one.
 */
export class Accounts {
  readonly #ids = new Claims();
  readonly #configs = new Map<string, Outcome<DeclaredAccount>>();
  readonly #declared = new WeakMap<Runtime, Map<string, Declaration>>();

  /** Takes in a config node. The later of two with one account id is refused, and with it every node that uses it. */
  add(claimant: Claimant, config: Outcome<DeclaredAccount>): Outcome<DeclaredAccount> {
    const accepted = config.ok ? this.#accept(claimant, config.value) : config;
    this.#configs.set(claimant.id, accepted);
    return accepted;
  }

  remove(claimant: Claimant): void {
    const config = this.#configs.get(claimant.id);
    if (config?.ok === true) this.#ids.release(config.value.config.id, claimant);
    this.#configs.delete(claimant.id);
  }

  /** The id of the account that a node works on, known to the runtime. `configNodeId` is empty where the node names none. */
  async idFor(configNodeId: string, runtime: Runtime): Promise<string> {
    const config = configNodeId === '' ? ok(this.#default()) : (this.#configs.get(configNodeId) ?? missing());
    if (!config.ok) throw new DenialError(config.denial);
    await this.#declare(runtime, config.value);
    return config.value.config.id;
  }

  #default(): DeclaredAccount {
    for (const config of this.#configs.values()) if (config.ok && config.value.config.id === DEFAULT_ACCOUNT_ID) return config.value;
    return PAPER;
  }

  /** Once per runtime and configuration; one that failed is tried again. */
  #declare(runtime: Runtime, account: DeclaredAccount): Promise<void> {
    const declared = this.#declared.get(runtime) ?? new Map<string, Declaration>();
    this.#declared.set(runtime, declared);
    const { id } = account.config;
    const known = declared.get(id);
    if (known?.account === account) return known.done;
    const declaration = { account, done: runtime.declareAccount(account.config, account.secrets) };
    declared.set(id, declaration);
    declaration.done.catch(() => {
      if (declared.get(id) === declaration) declared.delete(id);
    });
    return declaration.done;
  }

  #accept(claimant: Claimant, account: DeclaredAccount): Outcome<DeclaredAccount> {
    const { config } = account;
    const claim = this.#ids.take(config.id, claimant);
    if (claim.taken) return ok(account);
    return deny('INVALID_PARAMETER', `"${claimant.title}" and "${claim.holder.title}" both declare the account "${config.id}".`,
      { field: 'accountId', remedy: 'Give one of them another id, or use one config node for both.' });
  }
}

function missing(): Outcome<DeclaredAccount> {
  return deny('NOT_FOUND', 'The account of this node does not exist.', { remedy: 'Open the node and choose one.' });
}
