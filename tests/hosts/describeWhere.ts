/** Something that tests need and a machine may lack. */
export interface Needed {
  readonly isHere: boolean;
  /** What is not there and how to get it, as a sentence. */
  readonly missing: string;
}

/** Describes tests that need something of the machine. Without it they are left out, and the reason is printed; with CI=true that is a failure. */
export function describeWhere({ isHere, missing }: Needed, name: string, tests: () => void): void {
  if (isHere) {
    describe(name, tests);
    return;
  }
  if (process.env['CI'] === 'true') {
    test(name, () => { throw new Error(missing); });
    return;
  }
  console.warn(`${name}: left out. ${missing}`);
  describe.skip(name, tests);
}
