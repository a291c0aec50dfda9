import type { WebhookBody } from '../../runtime/domain/webhook';
import { approvalTrigger } from './definition';

const read = (body: WebhookBody) => approvalTrigger.interpret({}, body, { receivedAt: 0, nodeKey: 'answer', resolve: () => { throw new Error('An answer names no instrument.'); } });
const text = (lines: string): WebhookBody => ({ kind: 'text', text: lines });
const json = (value: Readonly<Record<string, unknown>>): WebhookBody => ({ kind: 'json', value });

test.each<[string, WebhookBody, string]>([
  ['the page’s form', text('approval=k1\r\nanswer=approve'), 'approved'],
  ['a form in the other order', text('answer=decline\napproval=k1\n'), 'declined'],
  ['a program', json({ approval: 'k1', answer: 'approve' }), 'approved'],
])('%s is read', (_name, body, verdict) => {
  expect(read(body)).toEqual({ ok: true, value: { signals: [], refused: [], answer: { token: 'k1', verdict } } });
});

test('nothing beside key and answer is taken along: no symbol, no quantity, no account', () => {
  const more = { approval: 'k1', answer: 'approve', symbol: 'TCS', quantity: 5_000, account: 'live', item: { quantity: 5_000 }, price: 1 };
  expect(read(json(more))).toEqual({ ok: true, value: { signals: [], refused: [], answer: { token: 'k1', verdict: 'approved' } } });
});

test.each<[string, WebhookBody]>([
  ['no key', json({ answer: 'approve' })],
  ['an empty key', text('approval=\nanswer=approve')],
  ['no answer', json({ approval: 'k1' })],
  ['another answer', json({ approval: 'k1', answer: 'yes' })],
  ['an answer that is a list', json({ approval: ['k1'], answer: ['approve'] })],
  ['a text', text('approve')],
  ['a very long key', json({ approval: 'k'.repeat(101), answer: 'approve' })],
])('%s is no answer', (_name, body) => {
  expect(read(body)).toMatchObject({ ok: false, denial: { code: 'MALFORMED_BODY' } });
});
