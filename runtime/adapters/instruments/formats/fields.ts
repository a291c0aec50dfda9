import { z } from 'zod';
import { dateOf } from '../../../domain/session/days';
import { MONTHS } from '../../../domain/instrument/grammar';
import type { IsoDate } from '../../../domain/time';
import type { MasterReading } from '../../../domain/instrument';

/** How one broker writes its list. */
export interface MasterFormat {
  readonly name: string;
  /** Whether a record with these fields is of this format. */
  matches(fields: Readonly<Record<string, unknown>>): boolean;
  read(fields: Readonly<Record<string, unknown>>): MasterReading;
}

/** Texts and numbers of a list, whichever of the two it uses for which. Absent and empty are the same. */
export const Text = z.unknown().optional().transform((value, context) => asText(value) ?? failed(context, 'neither text nor number'));

/** A finite number, or undefined where the list says nothing (empty, null, `NA`, `-`, `XX`). */
export const Amount = z.unknown().optional().transform((raw, context) => {
  const text = asText(raw);
  if (text === undefined) return failed(context, 'neither text nor number');
  if (text === '' || NOT_SAID.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) && STARTS_AS_NUMBER.test(text) ? value : failed(context, `${JSON.stringify(text.slice(0, 20))} is no number`);
});

const NOT_SAID = /^(?:-|na|nan|null|none|xx)$/i;
const STARTS_AS_NUMBER = /^[+-]?\d/;

function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number') return String(value);
  return value === null || value === undefined ? '' : undefined;
}

function failed(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

/** A list names a few hundred different days, thousands of times each. */
const MOST_REMEMBERED = 5_000;
const remembered = new Map<string, IsoDate | undefined>();

/** `29-DEC-26`, `29DEC2026`, `2026-12-29` and `2026-12-29 14:30:00`; undefined for anything else, also for days that do not exist. */
export function readDate(text: string): IsoDate | undefined {
  if (remembered.has(text)) return remembered.get(text);
  const date = parseDate(text.toUpperCase());
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(text, date);
  return date;
}

function parseDate(text: string): IsoDate | undefined {
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[ T]|$)/.exec(text);
  if (iso !== null) return dateOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const [, day, name, year = ''] = /^(\d{1,2})-?([A-Z]{3})-?(\d{4}|\d{2})$/.exec(text) ?? [];
  const month = MONTHS.findIndex((one) => one === name) + 1;
  return day === undefined || month === 0 ? undefined : dateOf(year.length === 4 ? Number(year) : 2_000 + Number(year), month, Number(day));
}

/** Reads a record with a schema; the first thing that is wrong with it becomes the reason. */
export function reading<S extends z.ZodType>(schema: S, read: (row: z.output<S>) => MasterReading): MasterFormat['read'] {
  return (fields) => {
    const parsed = schema.safeParse(fields);
    if (parsed.success) return read(parsed.data);
    const [issue] = parsed.error.issues;
    return { kind: 'rejected', why: issue === undefined ? 'not readable' : `${issue.path.join('.')}: ${issue.message}` };
  };
}

/** Whether a record has all of these fields. */
export function hasFields(...names: readonly string[]): MasterFormat['matches'] {
  return (fields) => names.every((name) => Object.hasOwn(fields, name));
}

/** A number that the list says, under our name for it. */
export function said<K extends string>(name: K, value: number | undefined): { readonly [key in K]?: number } {
  return value === undefined ? {} : { [name]: value } as { readonly [key in K]?: number };
}
