import pino, { type DestinationStream } from 'pino';
import { z } from 'zod';
import type { Log } from '../../domain/ports';
import { isError, redacted, redactText } from './redact';

const Level = z.enum(['debug', 'info', 'warn', 'error', 'silent']);
export type LogLevel = z.infer<typeof Level>;

export interface PinoLogOptions {
  /** Least severe level written; default `BELLWETHER_LOG_LEVEL`, else `info`. A value that is no level counts as `info` and is warned of. */
  readonly level?: LogLevel;
  /** Where lines go; default standard error, written at once so that a crash loses none. */
  readonly destination?: DestinationStream;
}

const STANDARD_ERROR = 2;

/** The structured log: one JSON object a line, written in this process (no worker transports), everything redacted first. */
export function pinoLog(options: PinoLogOptions = {}): Log {
  const wanted = options.level ?? process.env['BELLWETHER_LOG_LEVEL'] ?? 'info';
  const level = Level.safeParse(wanted);
  const logger = pino(
    { level: level.data ?? 'info', base: { name: 'bellwether' }, serializers: { err: (error: unknown) => error }, formatters: { level: (label) => ({ level: label }) } },
    options.destination ?? pino.destination({ fd: STANDARD_ERROR, sync: true }),
  );
  const write = (severity: 'debug' | 'info' | 'warn' | 'error') => (fields: object, message: string): void => {
    if (logger.isLevelEnabled(severity)) logger[severity](redacted(isError(fields) ? { err: fields } : fields), redactText(message));
  };
  const log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  if (!level.success) log.warn({ allowed: Level.options }, 'BELLWETHER_LOG_LEVEL is no level: info is used.');
  return log;
}
