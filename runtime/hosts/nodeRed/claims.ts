/** A deployed node as people know it. */
export interface Claimant {
  readonly id: string;
  /** How an error names it: its name and type. */
  readonly title: string;
}

/**
 * Values that only one deployed node may have: node keys, webhook tokens, account ids. Two nodes with one key would share intents,
 * and one of two orders would silently not happen.
 */
export class Claims {
  readonly #holders = new Map<string, Claimant>();

  /** Takes the value, or says who has it. */
  take(value: string, claimant: Claimant): { readonly taken: true } | { readonly taken: false; readonly holder: Claimant } {
    const holder = this.#holders.get(value);
    if (holder !== undefined && holder.id !== claimant.id) return { taken: false, holder };
    this.#holders.set(value, claimant);
    return { taken: true };
  }

  /** Gives the value back; does nothing when somebody else holds it. */
  release(value: string, claimant: Claimant): void {
    if (this.#holders.get(value)?.id === claimant.id) this.#holders.delete(value);
  }

  has(value: string): boolean {
    return this.#holders.has(value);
  }
}
