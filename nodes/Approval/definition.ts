import { z } from 'zod';
import type { Approval } from '../../runtime/domain/approval';
import { deny, type Denial, type Outcome } from '../../runtime/domain/denial';
import { Envelope } from '../../runtime/domain/envelope';
import { fromMoney } from '../../runtime/domain/money';
import type { NeedResults } from '../../runtime/domain/nodeContext';
import { MINUTE_MS } from '../../runtime/domain/time';
import { defineNode, type Step } from '../../runtime/hosts/definition';
import { field } from '../../runtime/hosts/field';
import { fillTemplate } from '../Alert/message';
import { momentText } from '../CronMarketHours/words';

const NOTHING = { kind: 'none' } as const;
const QUESTION = '{action} {quantity} {symbol} at {price}? {signal.name}';
/** An answer in the last moment still has to reach the flow. */
const LATE_MS = MINUTE_MS;

const onAsk = { operation: ['ask'] } as const;
const onCheck = { operation: ['check'] } as const;

const Params = z.object({
  operation: z.enum(['ask', 'check']).default('ask').register(field, {
    label: 'Operation', options: { ask: 'Ask', check: 'Check the Answer' },
    help: 'Ask sends the trade to a person, with a link. Check the Answer stands behind the Approval Trigger and lets through what was approved in time, at a price that still holds.',
  }),
  question: z.string().max(500).default(QUESTION).register(field, { label: 'Question', help: 'Text with {field} placeholders from the item; {price} is the last price.', placeholder: QUESTION, showWhen: onAsk }),
  answerUrl: z.string().max(500).optional().register(field, {
    label: 'Answer URL', help: 'The address of the Approval Trigger, as the phone that gets the question reaches it. The link in the message opens it.', placeholder: 'https://trading.example.com/…', showWhen: onAsk,
  }),
  goodForMinutes: z.number().min(0.1).max(1_440).default(10).register(field, { label: 'Good For', unit: 'minutes', help: 'Nothing is traded on an answer that comes later.', showWhen: onAsk }),
  maxMovePercent: z.number().min(0.01).max(50).default(0.5).register(field, { label: 'Max Price Move', unit: '%', help: 'Refused where the last price has moved further than this, up or down, since the person was asked.', showWhen: onCheck }),
});
type Params = z.infer<typeof Params>;

const Item = Envelope.pick({ signal: true, exchange: true, symbol: true, action: true, quantity: true, product: true, decision: true }).extend({
  approval: z.looseObject({ id: z.string() }).optional().catch(undefined),
});
type Item = z.infer<typeof Item>;

/** Asks a person about a trade, and checks the answer before anything is traded on it. The journal, not the item, says what was asked and answered. */
export const approval = defineNode({
  type: 'approval',
  title: 'Approval',
  description: 'Asks a person about a trade over an alert channel, and checks the answer and the price before it is traded',
  version: 1,
  outputs: [{ port: 'asked', label: 'Asked' }, { port: 'approved', label: 'Approved' }, { port: 'refused', label: 'Refused' }],
  refusalPort: 'refused',
  connections: ['account', 'alertChannel'],
  subtitleParams: ['operation'],
  params: Params,
  reads: Item,
  needs(params, item) {
    const { exchange = 'NSE', symbol = '', product = 'MIS', approval: asked } = item;
    return {
      tradable: { kind: 'tradable', exchange, symbol, product },
      asked: params.operation === 'check' ? { kind: 'approval', id: asked?.id ?? '' } : NOTHING,
    };
  },
  decide(params, item, { tradable, asked }): Step<'asked' | 'approved' | 'refused'> {
    const price = priceOf(tradable);
    if (asked === undefined) return price.ok ? ask(params, item, price.value) : { kind: 'refuse', denial: price.denial };
    const { approval: found, now, signalId = '' } = asked;
    if (found === undefined) return refuse(deny('NOT_FOUND', 'The journal knows of no such question of this strategy.', { field: 'approval', remedy: 'Wire the Approval Trigger to this node, and give both the strategy that asks.' }));
    const objection = objectionTo(found, now, item) ?? foreign(item, signalId) ?? (price.ok ? moved(found, price.value, params) : price.denial);
    if (objection !== undefined) return { kind: 'refuse', denial: objection };
    return { kind: 'emit', emissions: [{ port: 'approved', item: { ...found.item, signal: item.signal ?? { id: signalId, source: 'approvalTrigger', at: found.answeredAt ?? now }, approval: viewOf(found) } }] };
  },
  conclude(_params, item, [result]) {
    if (result?.kind !== 'askApproval') throw new Error('The question gave no result.');
    const { outcome } = result;
    if (!outcome.ok) return { kind: 'refuse', denial: outcome.denial };
    // Should somebody wire this straight to Place Order, nothing is traded unasked.
    const decision = { approved: false, message: 'A person was asked and has not answered yet.' };
    return { kind: 'emit', emissions: [{ port: 'asked', item: { ...item, decision, approval: viewOf(outcome.value) } }] };
  },
});

function ask({ question, answerUrl = '', goodForMinutes }: Params, item: Item, price: number): Step<'asked' | 'approved' | 'refused'> {
  if (item.decision?.approved === false) return refuse(deny('BLOCKED_BY_GATE', `The Risk Gate blocked this item: ${item.decision.message ?? 'no reason given'}`, { remedy: 'Wire the gate’s Approved output to this node.' }));
  if (!isAddress(answerUrl)) return refuse(deny('INVALID_PARAMETER', 'The answer URL is no address that a browser can open.', { field: 'answerUrl', remedy: 'Copy the URL of the Approval Trigger into it.' }));
  const text = fillTemplate(question === '' ? QUESTION : question, { ...item, price });
  return { kind: 'perform', commands: [{ kind: 'askApproval', item, question: text, price, goodForMs: Math.round(goodForMinutes * MINUTE_MS), answerUrl }] };
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function priceOf(tradable: NeedResults['tradable']): Outcome<number> {
  if (!tradable.ok) return tradable;
  const { quote, instrument } = tradable.value;
  return quote === undefined ? deny('NO_PRICE', `${instrument.key} has no price yet.`, { field: 'symbol', remedy: 'Try again when it has traded.' }) : { ok: true, value: fromMoney(quote.last) };
}

/** What stands against the answer, whatever the price is. */
function objectionTo({ verdict, expiresAt, answeredAt = expiresAt, item: asked }: Approval, now: number, item: Item): Denial | undefined {
  const until = momentText(expiresAt, now);
  if (verdict === undefined) return deny('NOT_READY', 'Nobody has answered yet.', { remedy: 'Wire the Approval Trigger to this node.' }).denial;
  if (verdict === 'declined') return deny('APPROVAL_DECLINED', `Declined at ${momentText(answeredAt, now)}.`).denial;
  if (verdict === 'expired') return deny('APPROVAL_EXPIRED', `Nobody approved it by ${until}.`).denial;
  if (now > expiresAt + LATE_MS) return deny('APPROVAL_EXPIRED', `It was approved, but reached the flow only after ${until}, when the approval had expired.`).denial;
  if (asked['symbol'] !== item.symbol) return deny('INVALID_FIELD', 'Another symbol was approved.', { field: 'symbol', remedy: 'Wire the Approval Trigger straight to this node.' }).denial;
  return undefined;
}

/** An approval is good for one trade: the answer's own signal brings it, and whatever repeats that signal meets the same order. */
function foreign({ signal }: Item, answer: string): Denial | undefined {
  if (signal === undefined || signal.id === answer) return undefined;
  return deny('INVALID_FIELD', 'The item names an approval, and is not the answer to it.', { field: 'approval', remedy: 'Wire the Approval Trigger straight to this node.' }).denial;
}

function moved({ price: then }: Approval, now: number, { maxMovePercent }: Params): Denial | undefined {
  const percent = Math.round((Math.abs(now - then) / then) * 10_000) / 100;
  if (percent <= maxMovePercent) return undefined;
  return deny('PRICE_MOVED', `The price has moved ${percent}%, from ${then} to ${now}, since the question.`, { rule: 'price move', limit: maxMovePercent, value: percent, remedy: 'Ask again at the new price.' }).denial;
}

function viewOf({ id, verdict, price, happenedAt: askedAt, expiresAt }: Approval): object {
  return { id, price, askedAt, expiresAt, ...(verdict === undefined ? {} : { verdict }) };
}

function refuse({ denial }: { readonly denial: Denial }): { readonly kind: 'refuse'; readonly denial: Denial } {
  return { kind: 'refuse', denial };
}
