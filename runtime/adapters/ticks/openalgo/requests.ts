/** One request that waits for its answer. */
interface Waiting<T> {
  readonly id: string;
  readonly resolve: (answer: T) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Requests one after the other: the server's errors name no request, so only one may be open at a time. Each answer has to come within `answerMs`.
 */
export interface Requests<T> {
  ask(send: (id: string) => void): Promise<T>;
  /** An answer by its request's id; without one it is taken for the open request's. False when nothing waits for it. */
  answer(id: string | undefined, answer: T): boolean;
  /** The connection is over: whatever waits fails. */
  fail(reason: string): void;
}

export function createRequests<T>({ answerMs }: { readonly answerMs: number }): Requests<T> {
  let open: Waiting<T> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let over: string | undefined;
  let count = 0;

  const askNow = (send: (id: string) => void): Promise<T> => {
    if (over !== undefined) return Promise.reject(new Error(over));
    const id = `b${++count}`;
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => end(() => reject(new Error(`no answer within ${answerMs} ms`))), answerMs);
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        open = undefined;
        settle();
      };
      open = { id, resolve: (answer) => end(() => resolve(answer)), reject: (error) => end(() => reject(error)) };
      send(id);
    });
  };
  return {
    ask(send) {
      const result = last.then(() => askNow(send));
      last = result.catch(() => undefined);
      return result;
    },
    answer(id, answer) {
      if (open === undefined || (id !== undefined && id !== open.id)) return false;
      open.resolve(answer);
      return true;
    },
    fail(reason) {
      over = reason;
      open?.reject(new Error(reason));
    },
  };
}
