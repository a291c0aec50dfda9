/** The end of a trigger, for those who wait on its behalf. */
export interface Stop {
  readonly isStopped: boolean;
  /** Resolves with `wait`, or when the trigger is stopped, whichever is first. Keeps nothing of a wait that is over. */
  orAfter(wait: Promise<unknown>): Promise<void>;
  stop(): void;
}

export function createStop(): Stop {
  const waiting = new Set<() => void>();
  let isStopped = false;
  return {
    get isStopped() {
      return isStopped;
    },
    orAfter(wait) {
      if (isStopped) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          waiting.delete(leave);
          resolve();
        };
        waiting.add(leave);
        wait.then(leave, (error: unknown) => {
          waiting.delete(leave);
          reject(error instanceof Error ? error : new Error(String(error)));
        });
      });
    },
    stop() {
      isStopped = true;
      for (const leave of [...waiting]) leave();
    },
  };
}
