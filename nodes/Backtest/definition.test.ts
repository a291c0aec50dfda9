import { deny, ok, type Outcome } from '../../runtime/domain/denial';
import type { BacktestReport } from '../../runtime/domain/backtest';
import type { Command, CommandResult, Data, Needs, NodeContext } from '../../runtime/domain/nodeContext';
import { readParameters } from '../../runtime/hosts/parameters';
import { runNode, type RunResult } from '../../runtime/hosts/run';
import { backtest } from './definition';

const REPORT: BacktestReport = { json: { name: 'demo', metrics: { netPnl: 12.5 }, tradeCount: 1 }, page: '<!doctype html>', told: { text: '1 trade, net ₹12.50, 1 warning', details: ['Warning: w'], isWarning: true } };

/** A context that answers backtests and nothing else. */
function context(answer: Outcome<BacktestReport>, seen: Command[]): NodeContext {
  return {
    now: () => 0,
    fetch: <N extends Needs>() => Promise.resolve({} as Data<N>),
    perform(commands) {
      seen.push(...commands);
      return Promise.resolve(commands.map((): CommandResult => ({ kind: 'backtest', outcome: answer })));
    },
  };
}

async function run(values: object, item: object = {}, answer: Outcome<BacktestReport> = ok(REPORT)): Promise<{ readonly result: RunResult; readonly commands: readonly Command[] }> {
  const params = readParameters(backtest.params, { ...values }, { numbersAsText: true });
  if (!params.ok) throw new Error(params.denial.message);
  const commands: Command[] = [];
  return { result: await runNode(backtest, params.value, { ...item }, context(answer, commands)), commands };
}

test('figures leave with the item, the report as a file', async () => {
  const { result } = await run({ flow: '{}', symbol: 'SBIN' }, { message: 'kept' });
  expect(result).toMatchObject({ kind: 'emitted', emissions: [{ port: 'report', item: { message: 'kept', backtest: REPORT.json }, files: [{ name: 'report.html', mimeType: 'text/html', text: REPORT.page }], told: REPORT.told }] });
});

test('what the form says is what is asked for', async () => {
  const { commands } = await run({
    flowFrom: 'file', flowFile: 'ema.json', flowName: 'EMA', dataFrom: 'file', dataFile: 'nifty.csv', timeIs: 'end', exchange: 'NSE_INDEX', symbol: 'NIFTY', standsFor: 'NFO:NIFTY30JUN22FUT', lotSize: '75', from: '2022-06-01', to: '2022-06-30',
    capital: '500000', charges: 'none', slippage: 'ticks', slippageTicks: '2', maxOrderValuePercent: '100',
  });
  expect(commands).toMatchObject([{ kind: 'backtest', wish: {
    flow: { kind: 'file', file: 'ema.json', name: 'EMA' }, data: { kind: 'file', file: 'nifty.csv', timeIs: 'end' }, exchange: 'NSE_INDEX', symbol: 'NIFTY', standsFor: 'NFO:NIFTY30JUN22FUT', lotSize: 75, from: '2022-06-01', to: '2022-06-30',
    charges: 'none', account: { capital: 500_000, slippage: 'ticks', slippageTicks: 2, limits: { maxOrderValuePercent: 100 } },
  } }]);
});

test('candles of the store may be named by their length', async () => {
  expect((await run({ flow: '{}', symbol: 'SBIN', storeTimeframe: '5m' })).commands).toMatchObject([{ wish: { data: { kind: 'store', timeframe: '5m' } } }]);
  expect((await run({ flow: '{}', symbol: 'SBIN' })).commands).toMatchObject([{ wish: { data: { kind: 'store' } } }]);
});

test('the symbol may come with the item; files never do', async () => {
  const { commands } = await run({ flow: '{}' }, { exchange: 'BSE', symbol: 'TCS', flowFile: '/etc/passwd', dataFile: '../../secrets' });
  expect(commands).toMatchObject([{ wish: { exchange: 'BSE', symbol: 'TCS', flow: { kind: 'text', text: '{}' }, data: { kind: 'store' } } }]);
});

test.each<[string, object, string]>([
  ['no flow', { symbol: 'SBIN' }, 'flow'], ['no symbol', { flow: '{}' }, 'symbol'], ['no file of a flow', { flowFrom: 'file', symbol: 'SBIN' }, 'flowFile'], ['no file of candles', { flow: '{}', dataFrom: 'file', symbol: 'SBIN' }, 'dataFile'],
])('%s is refused before anything is done', async (_what, values, name) => {
  const { result, commands } = await run(values);
  expect(result).toMatchObject({ emissions: [{ port: 'refused', item: { denial: { code: 'MISSING_FIELD', field: name } } }] });
  expect(commands).toEqual([]);
});

test('a refused backtest leaves by its own port', async () => {
  const { result } = await run({ flow: '{}', symbol: 'SBIN' }, {}, deny('NOT_SUPPORTED', 'A node can not be read.'));
  expect(result).toMatchObject({ emissions: [{ port: 'refused', item: { denial: { code: 'NOT_SUPPORTED' } } }] });
});

test('days are written as days', () => {
  expect(readParameters(backtest.params, { from: '1.6.2022' }, { numbersAsText: true })).toMatchObject({ ok: false, denial: { field: 'from' } });
});
