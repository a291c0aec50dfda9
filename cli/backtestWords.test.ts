import { indiaTime } from '../runtime/domain/session';
import { readColumns, readDataWord, readInstrumentWord, readMoment, readStandIn } from './backtestWords';

test.each<[string, string | undefined, ReturnType<typeof readInstrumentWord>]>([
  ['lot=1,tick=0.05,segment=NFO', 'NFO:NIFTY30JUN22FUT', { facts: { lotSize: 1, tickSize: 0.05, segment: 'future' } }],
  ['segment=NFO', 'NFO:NIFTY30JUN2216000CE', { facts: { segment: 'option' } }],
  ['segment=option', undefined, { facts: { segment: 'option' } }],
  ['nfo:nifty30jun22fut,lot=75', 'NSE:SBIN', { key: 'NFO:NIFTY30JUN22FUT', facts: { lotSize: 75 } }],
])('--instrument %s of %s', (text, symbol, read) => {
  expect(readInstrumentWord(text, symbol)).toEqual(read);
});

test.each<[string, ReturnType<typeof readDataWord>]>([
  ['candles.csv', { place: { kind: 'file', file: 'candles.csv' } }], ['store', { place: { kind: 'store' } }],
  ['nse:sbin=store', { key: 'NSE:SBIN', place: { kind: 'store' } }], ['NSE_INDEX:NIFTY=data/n=1.csv', { key: 'NSE_INDEX:NIFTY', place: { kind: 'file', file: 'data/n=1.csv' } }],
  ['C:\\candles=1.csv', { place: { kind: 'file', file: 'C:\\candles=1.csv' } }],
])('--data %s', (text, read) => {
  expect(readDataWord(text)).toEqual(read);
});

test('days, times, stand-ins and columns are read as a person means them', () => {
  expect(readMoment('--to', '2022-06-30', 'end')).toBe(indiaTime('2022-07-01', '00:00'));
  expect(readMoment('--to', '20220630', 'end')).toBe(indiaTime('2022-07-01', '00:00'));
  expect(readMoment('--to', '2022-06-30 12:00', 'end')).toBe(indiaTime('2022-06-30', '12:00'));
  expect(readStandIn('nfo:x=NSE:Y')).toEqual({ wanted: 'NFO:X', given: 'NSE:Y' });
  expect(readColumns('time=Date,timeofday=2,open=Open Price')).toEqual({ time: 'Date', timeOfDay: 2, open: 'Open Price' });
});
