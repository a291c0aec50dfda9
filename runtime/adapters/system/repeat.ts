/** Does work every `ms` until the returned function is called. Keeps no process alive. */
export function repeatedly(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms).unref();
  return () => clearInterval(timer);
}
