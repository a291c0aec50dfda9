/** Wakes those who listen at the end of the turn that raised it: write operations run in one go with their commit, so what is raised within one is committed by then. */
export interface Signal {
  readonly raise: () => void;
  /** The returned function ends it. */
  readonly listen: (listener: () => void) => () => void;
}

export function createSignal(): Signal {
  const listeners = new Set<() => void>();
  let isRaised = false;
  return {
    raise: () => {
      if (isRaised || listeners.size === 0) return;
      isRaised = true;
      queueMicrotask(() => {
        isRaised = false;
        for (const listener of [...listeners]) listener();
      });
    },
    listen: (listener) => {
      // The same function may be given twice; each listening ends by itself.
      const own = (): void => listener();
      listeners.add(own);
      return () => { listeners.delete(own); };
    },
  };
}
