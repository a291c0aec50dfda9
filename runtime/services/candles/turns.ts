/** Work on one thing, one step after the other; at once where nothing is under way. */
export interface Turns {
  readonly isIdle: boolean;
  /** Runs the step now, or after those before it. A promise comes back where it is not over at once; it never rejects. */
  run(step: () => Promise<void> | undefined): Promise<void> | undefined;
}

export function createTurns(onFailure: (error: unknown) => void): Turns {
  let tail: Promise<void> | undefined;
  const hold = (work: Promise<void>): Promise<void> => {
    const own = work.catch(onFailure).then(() => {
      if (tail === own) tail = undefined;
    });
    tail = own;
    return own;
  };
  return {
    get isIdle() { return tail === undefined; },
    run(step) {
      if (tail !== undefined) return hold(tail.then(step));
      const work = step();
      return work === undefined ? undefined : hold(work);
    },
  };
}
