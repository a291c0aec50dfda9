import { Denial, deny, explained, type Outcome } from '../../domain/denial';
import { resolveSymbol } from '../../domain/instrument';
import { digest } from '../../domain/intentKey';
import type { Clock, Ids, Instruments, Log, NewReceipt, ReceivedSignal, Store } from '../../domain/ports';
import type { Interpretation } from '../../domain/webhook';
import type { Ingress, TriggerBinding, WebhookAnswer, WebhookRequest } from '../../runtime';
import { messagePage, PAGE_HEADERS, type ApprovalDesk } from '../approvals';
import { checkAddress } from './addresses';
import { receipt, refusal } from './answer';
import { readBody } from './body';
import { header } from './headers';
import type { IngressLimits } from './limits';
import { createLockout, type Lockout } from './lockout';
import { checkSecret, withoutSecret } from './secret';
import { signalIdOf } from './signalId';
import { entryOf, submit, type SubmitPorts } from './submit';

export interface ReceivePorts extends Pick<SubmitPorts, 'deliveries'> {
  readonly store: Pick<Store, 'receive' | 'finishSignal'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly instruments: Instruments;
  readonly limits: IngressLimits;
  readonly approvals?: Pick<ApprovalDesk, 'answer'>;
}

/** Signals of an editor's test stand under a key of their own: nobody attaches to it, and they are no repeats of real ones. */
const TEST_SUFFIX = '#test';

/**
 * Answers webhook calls: bounds, address, body, key, meaning, journal, in this order; the answer is given when the signals are durable.
 * Never rejects: a bug in a reader or a broken journal is a 503, with nothing acknowledged.
 */
export function createReceive(ports: ReceivePorts): Ingress['receive'] {
  const { limits, log, clock } = ports;
  const lockout = createLockout(limits);
  let inFlight = 0;
  let inFlightBytes = 0;

  return async (binding, request, handOver) => {
    // A larger one is refused before anything is made of it.
    const bytes = Math.min(request.raw?.byteLength ?? 0, limits.maxBodyBytes);
    if (inFlight >= limits.maxInFlight || inFlightBytes + bytes > limits.maxInFlightBytes) return refusal(busy());
    inFlight += 1;
    inFlightBytes += bytes;
    try {
      const answer = forReader(binding, request, await receiveOne({ ...ports, lockout }, binding, request, handOver));
      if (answer.status !== 200 && answer.status !== 202) {
        const fields = { source: binding.definition.type, nodeKey: binding.nodeKey, address: request.remoteAddress, status: answer.status, error: answer.body['error'] };
        // Who is locked out may go on for long; the lock itself was reported.
        if (answer.status === 429) log.debug(fields, 'A webhook call was refused.');
        else log.warn(fields, 'A webhook call was refused.');
      }
      return answer;
    } catch (error) {
      log.error({ err: error, nodeKey: binding.nodeKey, at: clock.now() }, 'A webhook call could not be received.');
      return refusal(notReady());
    } finally {
      inFlight -= 1;
      inFlightBytes -= bytes;
    }
  };
}

type World = ReceivePorts & { readonly lockout: Lockout };

async function receiveOne(world: World, binding: TriggerBinding, request: WebhookRequest, handOver: 'attached' | 'caller'): Promise<WebhookAnswer> {
  const read = authenticatedReading(world, binding, request);
  if (!read.ok) return read.answer;
  const isTest = handOver === 'caller';
  const { answer } = read.value;
  if (answer !== undefined) return takeAnswer(world, binding, request, answer, isTest);
  return take(world, binding, request, read.value, isTest);
}

/** A person's answer becomes the signal that the question stands for. */
async function takeAnswer(world: World, binding: TriggerBinding, request: WebhookRequest, answer: NonNullable<Interpretation['answer']>, isTest: boolean): Promise<WebhookAnswer> {
  if (world.approvals === undefined) return refusal(deny('NOT_SUPPORTED', 'Nobody asks questions here.').denial);
  const { nodeKey, strategyId, definition } = binding;
  const taken = await world.approvals.answer({ nodeKey, strategyId, source: definition.type }, answer, { receivedAt: request.receivedAt, isTest });
  if (!taken.ok) return refusal(taken.denial);
  return { ...await take(world, binding, request, taken.value.meaning, isTest), html: taken.value.html };
}

/** A browser is shown a page, and only by a trigger that speaks with people. */
function forReader({ definition }: TriggerBinding, { headers }: WebhookRequest, { html, ...answer }: WebhookAnswer): WebhookAnswer {
  if (definition.answersQuestions !== true || !(header(headers, 'accept') ?? '').includes('text/html')) return answer;
  const error = Denial.safeParse(answer.body['error']);
  return { ...answer, headers: { ...answer.headers, ...PAGE_HEADERS }, html: html ?? messagePage('Not taken', error.success ? explained(error.data) : 'The answer was not taken.') };
}

async function take(world: World, binding: TriggerBinding, request: WebhookRequest, meaning: Interpretation, isTest: boolean): Promise<WebhookAnswer> {
  const { signals, refused } = meaning;
  const [firstRefused] = refused;
  if (signals.length === 0) {
    return firstRefused === undefined ? refusal(deny('MISSING_FIELD', 'The body names no symbol.', { field: 'symbol' }).denial) : refusal(firstRefused.denial, { refused });
  }
  const journal = receiptOf(world, binding, request, meaning, isTest);
  const received = isTest ? await journalTest(world, journal) : await submit(world, journal);
  return receipt({ receiptId: journal.receiptId, entries: journal.signals.map((signal) => entryOf(journal, signal)), received, refused });
}

/** The caller works on a test's signals itself. */
async function journalTest(world: World, journal: NewReceipt): Promise<readonly ReceivedSignal[]> {
  const received = await world.store.receive(journal);
  await finishTest(world, journal);
  return received;
}

type Reading = { readonly ok: true; readonly value: Interpretation } | { readonly ok: false; readonly answer: WebhookAnswer };

/** Everything before the journal. The first refusal is the answer. */
function authenticatedReading({ lockout, limits, instruments }: World, binding: TriggerBinding, request: WebhookRequest): Reading {
  const { definition: reader, params, secret: expected, nodeKey } = binding;
  const { headers, remoteAddress, receivedAt } = request;
  const source = (): string => digest([nodeKey, remoteAddress]);
  // Mostly nobody has sent a wrong key.
  const waitMs = lockout.size === 0 ? 0 : lockout.remainingMs(source(), receivedAt);
  if (waitMs > 0) return refuse(lockedOut(), waitMs);
  const address = checkAddress(remoteAddress, reader.allowedAddresses?.(params));
  if (!address.ok) return refuse(address.denial);
  const body = readBody(request, limits);
  if (!body.ok) return refuse(body.denial);
  const authentic = checkSecret({ expected, reader, body: body.value, headers });
  if (!authentic.ok) {
    lockout.failed(source(), receivedAt);
    return refuse(authentic.denial);
  }
  const meaning: Outcome<Interpretation> = reader.interpret(params, body.value, {
    receivedAt, nodeKey, resolve: (exchange, symbol) => resolveSymbol({ exchange, symbol, at: receivedAt, instruments }),
  });
  return meaning.ok ? meaning : refuse(meaning.denial);
}

function receiptOf({ ids, clock }: World, { nodeKey, strategyId, definition, secret }: TriggerBinding, { receivedAt }: WebhookRequest, meaning: Interpretation, isTest: boolean): NewReceipt {
  const receiptId = ids.next();
  const key = isTest ? `${nodeKey}${TEST_SUFFIX}` : nodeKey;
  const window = meaning.duplicateWindowMs;
  const signals = meaning.signals.map(({ dedupeKey: contentKey, item }) => {
    // Every test is new: a person repeats it until it works.
    const dedupeKey = isTest ? digest([contentKey, receiptId]) : contentKey;
    const signalId = signalIdOf({ nodeKey: key, dedupeKey, windowed: window !== undefined, receivedAt });
    const { signal = { source: definition.type, at: receivedAt }, ...rest } = withoutSecret(item, secret);
    // Outside of a window the id follows from the key, and tells repeats by itself.
    return { signalId, ...(window === undefined ? {} : { dedupeKey }), item: { ...rest, signal: { ...signal, id: signalId } } };
  });
  return {
    receiptId, nodeKey: key, strategyId, source: definition.type, signals, happenedAt: receivedAt, recordedAt: clock.now(),
    ...(window === undefined ? {} : { duplicateSince: receivedAt - window }),
  };
}

/** The caller works on a test's signals itself, so the journal has nothing to deliver. */
async function finishTest({ store, log }: World, { nodeKey, signals, happenedAt }: NewReceipt): Promise<void> {
  try {
    for (const { signalId } of signals) await store.finishSignal({ nodeKey, signalId, status: 'DONE', reason: 'Handed to the editor’s test.', happenedAt });
  } catch (error) {
    log.warn({ err: error, nodeKey }, 'A test signal stays open in the journal; nothing will deliver it.');
  }
}

function refuse(denial: Denial, retryAfterMs?: number): Reading {
  return { ok: false, answer: refusal(denial, retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

function lockedOut(): Denial {
  return { code: 'LOCKED_OUT', message: 'Too many wrong keys came from this address.', remedy: 'Correct the key, then wait.' };
}

function busy(): Denial {
  return { code: 'TOO_MANY_REQUESTS', message: 'Too many calls are being worked on.', remedy: 'Send again in a moment.' };
}

function notReady(): Denial {
  return { code: 'NOT_READY', message: 'The alert could not be written to the journal. Nothing was kept.', remedy: 'Send again in a moment; the log says what is wrong.' };
}
