/** A promise that somebody else settles. */
export function gate(): { readonly passed: Promise<void>; readonly open: () => void; readonly fail: (error: Error) => void } {
  let open = (): void => undefined;
  let fail: (error: Error) => void = () => undefined;
  const passed = new Promise<void>((resolve, reject) => { open = resolve; fail = reject; });
  return { passed, open, fail };
}

/** Resolves when everything that is under way without waiting for the outside has happened. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => { setImmediate(resolve); });
}
