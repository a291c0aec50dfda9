import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { until } from './n8n/poll';

/** As the generic webhook channel sends it. */
const News = z.looseObject({ message: z.string(), link: z.string().optional() });
export type News = z.infer<typeof News>;

/** Where a person gets messages and opens links. */
export interface Phone {
  readonly url: string;
  /** The first message that the caller wants. */
  news(what: string, isWanted: (news: News) => boolean): Promise<News>;
  /** The link of the question about a stock. */
  question(symbol: string): Promise<string>;
  close(): Promise<void>;
}

export async function openPhone(): Promise<Phone> {
  const received: News[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => { chunks.push(chunk); });
    request.on('end', () => {
      received.push(News.parse(JSON.parse(Buffer.concat(chunks).toString())));
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  const news: Phone['news'] = (what, isWanted) => until(what, () => received.find(isWanted), 40_000);
  return {
    url: `http://127.0.0.1:${port}/phone`,
    news,
    question: async (symbol) => (await news(`the question about ${symbol}`, ({ message, link }) => link !== undefined && message.includes(` ${symbol} `))).link ?? '',
    close: () => new Promise((resolve) => { server.close(() => resolve()); }),
  };
}

/** Opens a link as a browser does, and gives the page. */
export async function opened(link: string): Promise<{ readonly status: number; readonly page: string }> {
  const response = await fetch(link, { headers: { accept: 'text/html' } });
  return { status: response.status, page: await response.text() };
}

/** Presses a button of the page: its form as plain text, to the page's own address. */
export async function pressed(link: string, answer: 'approve' | 'decline'): Promise<{ readonly status: number; readonly page: string }> {
  const { page } = await opened(link);
  const token = /name="approval" value="([^"]+)"/.exec(page)?.[1] ?? new URL(link).searchParams.get('approval') ?? '';
  const response = await fetch(link, { method: 'POST', headers: { 'content-type': 'text/plain', accept: 'text/html,*/*' }, body: `approval=${token}\r\nanswer=${answer}\r\n` });
  return { status: response.status, page: await response.text() };
}

/** A scan as ChartInk sends it. */
export function scanOf(stocks: string, name: string): object {
  return { stocks, triggered_at: '2:34 pm', scan_name: name, scan_url: 'breakouts', alert_name: `Alert for ${name}` };
}
