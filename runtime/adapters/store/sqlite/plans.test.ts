import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { openCommits } from './groupCommit';
import { migrate } from './schema';
import { Statements } from './statements';
import { composeStore } from './store';

const Plan = z.object({ detail: z.string() });

/** The plan of every statement of the store, by its text. */
async function plans(): Promise<ReadonlyMap<string, readonly string[]>> {
  const db = new DatabaseSync(':memory:');
  await migrate(db, ':memory:');
  const texts: string[] = [];
  const prepare = db.prepare.bind(db);
  jest.spyOn(db, 'prepare').mockImplementation((text) => {
    texts.push(text);
    return prepare(text);
  });
  const commits = openCommits(db, ':memory:', { busyTimeoutMs: 100, onAlone: () => undefined });
  const clock = { now: () => 0 };
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const store = composeStore({ statements: new Statements(db), commits, clock, log: silent });
  const found = new Map(texts.filter((text) => !/^(begin|commit|rollback|savepoint|release)/.test(text)).map((text) => [text, prepare(`explain query plan ${text}`).all().map((row) => Plan.parse(row).detail)]));
  await store.close();
  return found;
}

describe('what is asked again and again', () => {
  test.each([
    ['open orders', /^select \* from "orders".*\+seq/, 'orders_open'],
    ['changes that are open', /^select \* from "order_changes".*\+seq/, 'order_changes_open'],
    ['live protections', /^select \* from "protections".*\+seq/, 'protections_live'],
    ['entries that wait', /^select \* from "group_entries".*at_cost = 1/, 'group_entries_waiting'],
    ['signals to claim', /^select \* from "signals".*"lease_until" <=.*limit/, 'signals_undone'],
    ['signals that are claimed', /^select "signal_id", "owner" from "signals"/, 'signals_undone'],
    ['answers that nobody told', /^select \* from "approvals".*"verdict" is null/, 'approvals_untold'],
    ['orders by the broker\'s numbers', /^select \* from "orders".*json_each/, 'orders_by_broker'],
    ['what is pending', /^select "strategy_id", "product".* from "orders"/, 'orders_open'],
  ])('%s come out of an index of their own', async (_what, text, index) => {
    const plan = [...await plans()].find(([each]) => text.test(each))?.[1] ?? [];
    expect(plan.join('\n')).toContain(`INDEX ${index}`);
  });

  test('no statement is planned anew at every run: a LIMIT is never a bare parameter', async () => {
    expect([...(await plans()).keys()].filter((text) => /limit \?(?! \+ 0)/.test(text))).toEqual([]);
  });
});
