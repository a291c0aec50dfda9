import type { Approval } from '../../domain/approval';
import { INDIA_ZONE, type EpochMs } from '../../domain/time';

/** A page that a browser may show and nothing else: no script, no other site, not kept, and its address told to nobody. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
};

const STYLE = 'body{font:1.1rem/1.5 system-ui,sans-serif;margin:0;display:grid;min-height:100vh;place-items:center;background:#f4f6f9;color:#1b2736}'
  + 'main{width:min(92vw,26rem);padding:1.5rem;box-sizing:border-box;background:#fff;border-radius:.75rem;box-shadow:0 1px 6px #0002}'
  + 'h1{font-size:1.15rem;margin:0 0 .75rem}p{margin:.5rem 0;white-space:pre-line;overflow-wrap:anywhere}.note{color:#5a6878;font-size:.95rem}'
  + 'form{display:flex;gap:.75rem;margin-top:1.25rem}button{flex:1;font:inherit;padding:.8rem;border-radius:.5rem;border:1px solid #8592a3;background:#fff;color:inherit;cursor:pointer}'
  + 'button.yes{background:#1f6f43;border-color:#1f6f43;color:#fff}'
  + '@media(prefers-color-scheme:dark){body{background:#12181f;color:#e4e9f2}main{background:#1b2430}.note{color:#9fadbd}button{background:#1b2430}}';

/** Asks for the answer. The answer is a POST: programs that look at links in messages open them with GET, and must not approve anything. */
export function questionPage({ token, question, expiresAt }: Pick<Approval, 'token' | 'question' | 'expiresAt'>): string {
  return page('Approve this trade?', `<p>${escaped(question)}</p><p class="note">Good until ${clockTime(expiresAt)} in India. The price and every limit are looked at again before anything is ordered.</p>
<form method="post" enctype="text/plain"><input type="hidden" name="approval" value="${escaped(token)}">
<button name="answer" value="decline">Decline</button><button class="yes" name="answer" value="approve">Approve</button></form>`);
}

/** Says one thing. */
export function messagePage(title: string, text: string): string {
  return page(title, `<p>${escaped(text)}</p>`);
}

/** What became of a question, in words. `first` where this answer is the one that counts. */
export function endPage({ verdict, question, expiresAt, answeredAt = expiresAt }: Approval, first: boolean): string {
  const text = `${question}\n\n`;
  if (verdict === 'expired') return messagePage('Expired', `${text}It was good until ${clockTime(expiresAt)}. Nothing was ordered.`);
  if (!first) return messagePage('Answered already', `${text}It was ${verdict ?? 'answered'} at ${clockTime(answeredAt)}. An answer counts once.`);
  return verdict === 'approved'
    ? messagePage('Approved', `${text}The price and every limit are looked at once more; an alert tells what became of it.`)
    : messagePage('Declined', `${text}Nothing is ordered.`);
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">`
    + `<title>${escaped(title)}</title><style>${STYLE}</style></head><body><main><h1>${escaped(title)}</h1>${body}</main></body></html>`;
}

function clockTime(at: EpochMs): string {
  return new Date(at).toLocaleTimeString('en-GB', { timeZone: INDIA_ZONE, timeStyle: 'short' });
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
