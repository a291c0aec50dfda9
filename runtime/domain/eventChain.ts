/**
 * Flows on events may place orders, whose events may start them again. How many such firings stand behind a signal is the end of its id (`5f0c…~2`), so
 * that it goes with every order that the signal leads to, over restarts and processes.
 */
const MARK = /~(\d{1,6})(?:\D|$)/;

/** How many firings on events stand behind the signal with this id; 0 where none does. */
export function chainOf(signalId: string | undefined): number {
  const [, chain = '0'] = MARK.exec(signalId ?? '') ?? [];
  return Number(chain);
}

/** The id of a signal that `chain` firings on events stand behind, itself included. */
export function chainedId(signalId: string, chain: number): string {
  return chain === 0 ? signalId : `${signalId}~${chain}`;
}
