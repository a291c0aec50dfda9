import { alertBody, pipeline, post, untilDone } from './flow';
import { NodeRed } from './host';
import { ensureOlderNodes } from './installNode.mjs';

jest.setTimeout(120_000);

const [withoutSqlite, withSqlite] = ensureOlderNodes();

test('on Node 22.13 an alert becomes a filled order', async () => {
  const host = await new NodeRed({ node: withSqlite }).start();
  try {
    await host.deploy(pipeline());
    expect((await post(host, alertBody('older'))).status).toBe(202);
    await untilDone(host, 1);
    expect(host.count("select count(*) from orders where status = 'FILLED'")).toBe(1);
  } finally {
    await host.dispose();
  }
});

test('on Node 22.9, which hides SQLite behind a flag, Node-RED starts and each alert is refused; the log says what to do', async () => {
  const host = await new NodeRed({ node: withoutSqlite }).start();
  try {
    const remedy = host.waitForLog(/no node:sqlite.*Use Node 22\.13 or newer/, 0);
    await host.deploy(pipeline());
    await remedy;
    expect((await post(host, alertBody('no journal'))).status).toBe(503);
  } finally {
    await host.dispose();
  }
});

test('on Node 22.9 with the flag an alert becomes a filled order', async () => {
  const host = await new NodeRed({ node: withoutSqlite, env: { NODE_OPTIONS: '--experimental-sqlite' } }).start();
  try {
    await host.deploy(pipeline());
    expect((await post(host, alertBody('flagged'))).status).toBe(202);
    await untilDone(host, 1);
    expect(host.count("select count(*) from orders where status = 'FILLED'")).toBe(1);
  } finally {
    await host.dispose();
  }
});
