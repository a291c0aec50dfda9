import type { CandleColumns } from '../../runtime/domain/candle';
import { chargesOf } from '../../runtime/domain/charges';
import { fromMoney, toMoney } from '../../runtime/domain/money';
import { benchLanes } from './backtestLanes';
import { benchInN8n } from './backtestN8n';
import { CANDLES, INSTRUMENT, laneA, minutes, shippedFlow } from './backtestWorld';
import type { Bench } from './bench';
import { times, type Row } from './report';
import { median } from './statistics';

const SECTION = 'backtest';
const MICROS_PER_MS = 1_000;
const MS_PER_SECOND = 1_000;
const OF_LOOP = 0.15;
const OF_INTERPRETER = 2;
/** Minutes of a session: when nothing is opened any more, and when everything is closed. */
const PER_SESSION = 375;
const LAST_ENTRY = 345;
const QUANTITY = 10;

/**
 * The shipped EMA crossover over a million minutes with the costs of the day, in lane A with everything that it keeps (intents, orders, fills, alerts, reasons, equity), beside a loop that was
 * written for this one strategy with the same costs, and an interpreter that awaits every node of it.
 */
export async function benchBacktest(bench: Bench): Promise<readonly Row[]> {
  const columns = minutes();
  const graph = shippedFlow(bench.root);
  const rates = { laneA: [] as number[], loop: [] as number[], interpreter: [] as number[] };
  let decided = '';
  for (let round = -1; round < bench.rounds; round += 1) {
    const used = {
      laneA: await threadMs(async () => {
        const { orders, trades } = await laneA(graph, columns);
        decided = `${orders.length.toLocaleString('en')} orders, ${trades.length.toLocaleString('en')} trades`;
      }),
      loop: await threadMs(() => Promise.resolve(loop(columns))),
      interpreter: await threadMs(() => interpreter(columns)),
    };
    if (round < 0) continue;
    for (const name of ['laneA', 'loop', 'interpreter'] as const) rates[name].push((CANDLES * MS_PER_SECOND) / used[name]);
  }
  const ratio = (other: 'loop' | 'interpreter'): number => median(rates.laneA.map((rate, index) => rate / (rates[other][index] ?? NaN)));
  const [ofLoop, ofInterpreter] = [ratio('loop'), ratio('interpreter')];
  return [
    { section: SECTION, name: `shipped EMA crossover over 1M minutes, lane A (${decided})`, perSecond: median(rates.laneA), against: `${times(ofLoop)} a loop by hand`, ratios: { loop: ofLoop }, target: `>= ${OF_LOOP}x a loop by hand`, met: ofLoop >= OF_LOOP },
    { section: SECTION, name: 'the same', perSecond: median(rates.laneA), against: `${times(ofInterpreter)} a promise a node`, ratios: { interpreter: ofInterpreter }, target: `>= ${OF_INTERPRETER}x a promise a node`, met: ofInterpreter >= OF_INTERPRETER },
    { section: SECTION, name: 'a loop by hand, same costs', perSecond: median(rates.loop) },
    { section: SECTION, name: 'an interpreter with a promise a node, same costs', perSecond: median(rates.interpreter) },
    ...await benchLanes(bench),
    ...await benchInN8n(bench),
  ];
}

/** What this thread worked meanwhile: others on the machine are not in it. */
async function threadMs(work: () => Promise<unknown>): Promise<number> {
  const before = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / MICROS_PER_MS;
}

/** Both averages over 5-minute candles, and what the newest of them says. */
class Crossover {
  #fast = NaN;
  #slow = NaN;
  #count = 0;
  #sumFast = 0;
  #sumSlow = 0;

  /** 1: crossed above; -1: below. */
  next(close: number): number {
    const before = this.#fast - this.#slow;
    this.#count += 1;
    if (this.#count <= 9) this.#sumFast += close;
    if (this.#count <= 21) this.#sumSlow += close;
    this.#fast = this.#count < 9 ? NaN : this.#count === 9 ? this.#sumFast / 9 : this.#fast + (close - this.#fast) * 0.2;
    this.#slow = this.#count < 21 ? NaN : this.#count === 21 ? this.#sumSlow / 21 : this.#slow + (close - this.#slow) * (2 / 22);
    const now = this.#fast - this.#slow;
    if (before <= 0 && now > 0) return 1;
    return before >= 0 && now < 0 ? -1 : 0;
  }
}

/** Cash, one position, trades and the worth of the account. */
class Account {
  cash = 10_000_000;
  held = 0;
  readonly trades: number[] = [];
  readonly equity = new Float64Array(CANDLES);
  #paid = 0;

  fill(action: 'BUY' | 'SELL', price: number, at: number): void {
    const charges = fromMoney(chargesOf({ segment: 'cash', product: 'MIS', exchange: INSTRUMENT.exchange, action, quantity: QUANTITY, price: toMoney(price), at }).total);
    const signed = action === 'BUY' ? QUANTITY : -QUANTITY;
    this.cash -= signed * price + charges;
    this.held += signed;
    if (action === 'BUY') this.#paid = price * QUANTITY + charges;
    else this.trades.push(price * QUANTITY - charges - this.#paid);
  }
}

function loop({ length, time, open, close }: CandleColumns): number {
  const account = new Account();
  const crossover = new Crossover();
  let wish = 0;
  for (let index = 0; index < length; index += 1) {
    if (wish === 1 && account.held === 0) account.fill('BUY', open[index] ?? NaN, time[index] ?? NaN);
    else if (wish === -1 && account.held > 0) account.fill('SELL', open[index] ?? NaN, time[index] ?? NaN);
    wish = 0;
    const minute = index % PER_SESSION;
    const price = close[index] ?? NaN;
    if (minute % 5 === 4) wish = crossover.next(price);
    if (minute >= LAST_ENTRY) wish = minute === LAST_ENTRY ? -1 : Math.min(0, wish);
    account.equity[index] = account.cash + account.held * price;
  }
  return account.trades.length;
}

interface Item {
  readonly index: number;
  readonly price: number;
  readonly crossed: number;
}

/** The flow's nodes, each awaited, as interpreters of workflows do. */
async function interpreter({ length, time, open, close }: CandleColumns): Promise<number> {
  const account = new Account();
  const crossover = new Crossover();
  let wish = 0;
  const nodes: Readonly<Record<string, (item: Item) => Promise<Item | undefined>>> = {
    fills: (item) => {
      if (wish === 1 && account.held === 0) account.fill('BUY', open[item.index] ?? NaN, time[item.index] ?? NaN);
      else if (wish === -1 && account.held > 0) account.fill('SELL', open[item.index] ?? NaN, time[item.index] ?? NaN);
      wish = 0;
      account.equity[item.index] = account.cash + account.held * item.price;
      return Promise.resolve(item);
    },
    candle: (item) => Promise.resolve(item.index % PER_SESSION % 5 === 4 ? item : undefined),
    condition: (item) => {
      const crossed = crossover.next(item.price);
      return Promise.resolve(crossed === 0 ? undefined : { ...item, crossed });
    },
    hours: (item) => Promise.resolve(item.crossed > 0 && item.index % PER_SESSION >= LAST_ENTRY ? undefined : item),
    order: (item) => {
      wish = item.crossed;
      return Promise.resolve(undefined);
    },
  };
  const order = ['fills', 'candle', 'condition', 'hours', 'order'];
  for (let index = 0; index < length; index += 1) {
    let item: Item | undefined = { index, price: close[index] ?? NaN, crossed: 0 };
    for (const name of order) {
      item = await nodes[name]?.(item);
      if (item === undefined) break;
    }
    if (index % PER_SESSION === LAST_ENTRY) wish = -1;
  }
  return account.trades.length;
}
