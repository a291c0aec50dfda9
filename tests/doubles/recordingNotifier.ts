import type { AlertChannel, Notifier } from '../../runtime/domain/ports';

type SendResult = Awaited<ReturnType<Notifier['send']>>;

export interface RecordingNotifier extends Notifier {
  readonly sent: { readonly channel: AlertChannel; readonly message: string; readonly severity: string; readonly link?: string }[];
  /** Resolves when what was sent is as the caller wants it. */
  readonly until: (isEnough: (sent: RecordingNotifier['sent']) => boolean) => Promise<void>;
  /** What the next sends come to, in order; after them every send succeeds. */
  readonly answers: (SendResult | Error | Promise<SendResult>)[];
}

/** A notifier that keeps what it is given and answers as it is told. */
export function recordingNotifier(): RecordingNotifier {
  const sent: RecordingNotifier['sent'] = [];
  const answers: RecordingNotifier['answers'] = [];
  const waiting = new Set<() => void>();
  return {
    sent, answers,
    until: (isEnough) => new Promise((resolve) => {
      const look = (): void => {
        if (!isEnough(sent)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    }),
    async send(channel, { message, severity, link }) {
      sent.push({ channel, message, severity, ...(link === undefined ? {} : { link }) });
      for (const look of [...waiting]) look();
      const answer = await (answers.shift() ?? { ok: true });
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
}
