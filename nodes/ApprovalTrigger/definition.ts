import { z } from 'zod';
import { deny, ok, type Outcome } from '../../runtime/domain/denial';
import type { WebhookBody } from '../../runtime/domain/webhook';
import { defineWebhookTrigger } from '../../runtime/hosts/definition';

/** An answer as the page's form sends it, or as a program may. Whatever else stands in it is not looked at. */
const Answer = z.object({ approval: z.string().min(1).max(100), answer: z.enum(['approve', 'decline']) });

/** Takes people's answers to the questions of Approval, and says when nobody answered. */
export const approvalTrigger = defineWebhookTrigger({
  type: 'approvalTrigger',
  title: 'Approval Trigger',
  description: 'Starts the flow when a person has approved or declined a trade, or has not answered in time',
  version: 1,
  outputs: [{ port: 'signal', label: 'Signal' }],
  connections: [],
  subtitleParams: ['strategyId'],
  params: z.object({}),
  // The link's own key, which is good once, says which question is answered.
  urlAuthenticates: true,
  answersQuestions: true,
  secretIn: () => undefined,
  interpret(_params, body) {
    const read = readAnswer(body);
    if (!read.ok) return read;
    const { approval: token, answer } = read.value;
    return ok({ signals: [], refused: [], answer: { token, verdict: answer === 'approve' ? 'approved' : 'declined' } });
  },
});

function readAnswer(body: WebhookBody): Outcome<z.infer<typeof Answer>> {
  const read = Answer.safeParse(body.kind === 'json' ? body.value : linesOf(body.text));
  return read.success ? ok(read.data) : deny('MALFORMED_BODY', 'This is no answer to a question.', { field: 'body', remedy: 'Open the link in the message and choose Approve or Decline.' });
}

/** A form as plain text: `name=value`, a line each. */
function linesOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(text.split(/\r?\n/, 10).map((line) => [line.slice(0, Math.max(0, line.indexOf('='))), line.slice(line.indexOf('=') + 1)]));
}
