import { alertBody, inParallel, pipeline, postUntilAcknowledged, untilDone } from './flow';
import { NodeRed } from './host';

jest.setTimeout(240_000);

test('kill -9 at random moments during 200 alerts: after a restart and re-sends every alert is one order', async () => {
  const host = await new NodeRed({ flows: pipeline() }).start();
  try {
    const ids = Array.from({ length: 200 }, (_, index) => `crash-${index}`);
    let acknowledged = 0;
    const sending = inParallel(ids, 4, async (id) => {
      await postUntilAcknowledged(host, alertBody(id), 1_000);
      acknowledged += 1;
    });
    // Moments differ from run to run; what is asked for holds at each of them.
    for (let kill = 0; kill < 5; kill += 1) {
      const moment = acknowledged + Math.floor(Math.random() * 30);
      while (acknowledged < Math.min(moment, ids.length - 1)) await new Promise(setImmediate);
      await host.kill();
      await host.start();
    }
    await sending;
    await untilDone(host, ids.length);
    expect([host.count('select count(*) from signals'), host.count('select count(*) from intents'), host.count('select count(*) from orders'), host.count("select count(*) from orders where status = 'FILLED'")]).toEqual([200, 200, 200, 200]);
    expect(host.rows('select quantity from positions')).toEqual([{ quantity: 200 }]);
  } finally {
    await host.dispose();
  }
});

test('a signal whose host died before the flow had ended is delivered again by the next start', async () => {
  const host = await new NodeRed({ flows: pipeline() }).start();
  try {
    await postUntilAcknowledged(host, alertBody('cut short'));
    await host.kill();
    await host.start();
    await untilDone(host, 1);
    expect([host.count('select count(*) from intents'), host.count('select count(*) from orders')]).toEqual([1, 1]);
  } finally {
    await host.dispose();
  }
});
