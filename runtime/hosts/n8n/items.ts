import { Buffer } from 'node:buffer';
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { z } from 'zod';
import type { Envelope } from '../../domain/envelope';
import type { EmittedFile } from '../definition';

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** n8n's item as the envelope: an object; every node checks the fields it reads itself. */
const AsEnvelope = z.custom<Envelope>(isObject, 'An item must be an object.');
const AsJson = z.custom<IDataObject>(isObject, 'An item must be an object.');

export function toEnvelope(item: INodeExecutionData): Envelope {
  return AsEnvelope.parse(item.json);
}

/** An output item that n8n can trace back to its input item. */
export function toItem(value: unknown, input?: { readonly item: INodeExecutionData; readonly index: number }): INodeExecutionData {
  const json = AsJson.parse(value);
  if (input === undefined) return { json };
  const { binary } = input.item;
  return { json, ...(binary === undefined ? {} : { binary }), pairedItem: { item: input.index } };
}

/** An item with its files as n8n's binary data, each under its name without the extension, beside what the item carries already. */
export async function withFiles({ helpers }: Pick<IExecuteFunctions, 'helpers'>, item: INodeExecutionData, files: readonly EmittedFile[]): Promise<INodeExecutionData> {
  if (files.length === 0) return item;
  const own = await Promise.all(files.map(async ({ name, mimeType, text }) => [name.replace(/\.[^.]*$/, ''), await helpers.prepareBinaryData(Buffer.from(text, 'utf8'), name, mimeType)] as const));
  return { ...item, binary: { ...item.binary, ...Object.fromEntries(own) } };
}
