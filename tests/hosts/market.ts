import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readRecording } from '../../runtime/adapters/ticks/file/recording';
import { listing, REAL_MONTHS_ARE_HERE, writeCourse } from '../doubles/courses';
import { playFlow, type PlayedFlow } from '../doubles/playedFlow';
import { valueOf, type HOSTS } from '../doubles/shippedFlow';
import { describeWhere } from './describeWhere';

/** What the shipped flow is called, and the node key of its trigger that enters. */
export const FLOW = 'EMA crossover';
export const ENTER = 'ema-enter';

/** What the log says when a recording is over, all that it started included. */
export const PLAYED = /The recording has been played to its end/;

const DAYS = { from: '2022-06-07 09:00', until: '2022-06-10 16:00' };

/** Describes tests that need the recorded months. */
export function describeWithRealMonths(name: string, tests: () => void): void {
  describeWhere({ isHere: REAL_MONTHS_ARE_HERE, missing: 'There are no real months beside the project.' }, name, tests);
}

/** A file of four recorded days that a host plays as its market. */
export interface MarketFile {
  readonly env: Readonly<Record<string, string>>;
  /** What the shipped flow does with the same file in this process. */
  played(host: (typeof HOSTS)[number]): Promise<PlayedFlow>;
  remove(): void;
}

export function marketFile(): MarketFile {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bellwether-market-'));
  const file = path.join(folder, 'sbin.csv');
  writeCourse(file, { symbol: 'SBIN', of: 'NIFTY', factor: 0.05 }, DAYS);
  return {
    env: { BELLWETHER_FEED: `NSE:SBIN=${file}`, BELLWETHER_FEED_SPEED: 'fast', BELLWETHER_FEED_TIME: 'end' },
    played: (host) => playFlow({ host, flow: FLOW, courses: [valueOf(readRecording(readFileSync(file, 'utf8'), { instrument: listing('SBIN'), timeIs: 'end' }))], ...DAYS }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
