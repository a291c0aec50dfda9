import { DEFAULT_ACCOUNT, DEFAULT_ACCOUNT_ID, type AccountConfig } from '../../domain/account';
import { deny, ok, type Outcome } from '../../domain/denial';
import type { Runtime } from '../../runtime';
import { Claims, type Claimant } from './claims';
import { DenialError } from './denialError';

interface Declaration {
  readonly config: AccountConfig;
  readonly done: Promise<void>;
}

/**
 * The accounts of deployed config nodes. A node that names none uses the default paper account, with the limits of a config node
 * of the same id where there is one.
 */
export class Accounts {
  readonly #ids = new Claims();
  readonly #configs = new Map<string, Outcome<AccountConfig>>();
  readonly #declared = new WeakMap<Runtime, Map<string, Declaration>>();

  /** Takes in a config node. The later of two with one account id is refused, and with it every node that uses it. */
  add(claimant: Claimant, config: Outcome<AccountConfig>): Outcome<AccountConfig> {
    const accepted = config.ok ? this.#accept(claimant, config.value) : config;
    this.#configs.set(claimant.id, accepted);
    return accepted;
  }

  remove(claimant: Claimant): void {
    const config = this.#configs.get(claimant.id);
    if (config?.ok === true) this.#ids.release(config.value.id, claimant);
    this.#configs.delete(claimant.id);
  }

  /** The id of the account that a node works on, known to the runtime. `configNodeId` is empty where the node names none. */
  async idFor(configNodeId: string, runtime: Runtime): Promise<string> {
    const config = configNodeId === '' ? ok(this.#default()) : (this.#configs.get(configNodeId) ?? missing());
    if (!config.ok) throw new DenialError(config.denial);
    await this.#declare(runtime, config.value);
    return config.value.id;
  }

  #default(): AccountConfig {
    for (const config of this.#configs.values()) if (config.ok && config.value.id === DEFAULT_ACCOUNT_ID) return config.value;
    return DEFAULT_ACCOUNT;
  }

  /** Once per runtime and configuration; one that failed is tried again. */
  #declare(runtime: Runtime, config: AccountConfig): Promise<void> {
    const declared = this.#declared.get(runtime) ?? new Map<string, Declaration>();
    this.#declared.set(runtime, declared);
    const known = declared.get(config.id);
    if (known?.config === config) return known.done;
    const declaration = { config, done: runtime.declareAccount(config) };
    declared.set(config.id, declaration);
    declaration.done.catch(() => {
      if (declared.get(config.id) === declaration) declared.delete(config.id);
    });
    return declaration.done;
  }

  #accept(claimant: Claimant, config: AccountConfig): Outcome<AccountConfig> {
    const claim = this.#ids.take(config.id, claimant);
    if (claim.taken) return ok(config);
    return deny('INVALID_PARAMETER', `"${claimant.title}" and "${claim.holder.title}" both declare the account "${config.id}".`,
      { field: 'accountId', remedy: 'Give one of them another id, or use one config node for both.' });
  }
}

function missing(): Outcome<AccountConfig> {
  return deny('NOT_FOUND', 'The account of this node does not exist.', { remedy: 'Open the node and choose one.' });
}
