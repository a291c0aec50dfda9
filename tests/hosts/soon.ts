const TIME = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Kolkata', hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** India's time of day in so many seconds, for a schedule that shall fire while a test looks. */
export function soon(seconds: number): { readonly at: number; readonly text: string } {
  const at = Math.floor(Date.now() / 1_000 + seconds) * 1_000;
  return { at, text: TIME.format(at) };
}
