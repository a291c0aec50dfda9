import { RAISED, TOKEN } from '../hosts/nodeRed/flow';
import type { FlowNode } from '../hosts/nodeRed/host';
import { SECRET } from './strategy';

const TAB = 'bench';
/** A second address: what arrives there is journalled and answered, and no flow follows. */
const IDLE_TOKEN = `${TOKEN.slice(0, -4)}idle`;

/** What the reporting node logs when it listens: until then it drops what it gets. */
export const REPORTING = /udp ready: 127/;

/** Paths of the routes that are compared. */
export const ROUTES = { bare: '/bare', bareFlow: '/bare-flow', durable: `/bellwether/hook/${IDLE_TOKEN}`, order: `/bellwether/hook/${TOKEN}` };

/**
 * Bare: the host's own route and answer. Durable: our trigger without a flow behind it. Bare flow and order end with the same report to
 * `port`, so that the difference is what lies between.
 */
export function benchFlow(port: number): FlowNode[] {
  const here = { z: TAB, x: 100, y: 100 };
  const ours = { ...here, account: 'account', strategyId: 'bench' };
  const report = (id: string, expression: string): FlowNode => ({ ...here, id, type: 'function', func: `return { payload: ${expression} };`, outputs: 1, libs: [], wires: [['report']] });
  return [
    { id: TAB, type: 'tab', label: 'Bench' },
    { id: 'account', type: 'bellwether-account', accountId: 'paper', marketHours: 'always', ...RAISED },
    { ...here, id: 'bare', type: 'http in', url: ROUTES.bare, method: 'post', upload: false, wires: [['answer']] },
    { ...here, id: 'bare-flow', type: 'http in', url: ROUTES.bareFlow, method: 'post', upload: false, wires: [['answer', 'bare-report']] },
    { ...here, id: 'answer', type: 'http response', statusCode: '', headers: {}, wires: [] },
    report('bare-report', 'msg.req.body.id + " END"'),
    { ...ours, id: 'idle', type: 'bellwether-tradingview-trigger', token: IDLE_TOKEN, nodeKey: 'idle', credentials: { secret: SECRET }, wires: [[]] },
    { ...ours, id: 'trigger', type: 'bellwether-tradingview-trigger', token: TOKEN, nodeKey: 'trigger', credentials: { secret: SECRET }, wires: [['gate']] },
    { ...ours, id: 'gate', type: 'bellwether-risk-gate', operation: 'check', nodeKey: 'gate', wires: [['order'], ['order-report']] },
    { ...ours, id: 'order', type: 'bellwether-place-order', mode: 'single', nodeKey: 'order', wires: [['order-report'], ['order-report']] },
    report('order-report', 'msg.payload.signal.id + " " + (msg.payload.denial?.code ?? msg.payload.order?.status)'),
    // What a node raises as an error has no other way out.
    { ...here, id: 'catch', type: 'catch', scope: null, uncaught: false, wires: [['failed']] },
    report('failed', 'msg.payload.signal?.id + " " + msg.error.message'),
    { ...here, id: 'report', type: 'udp out', addr: '127.0.0.1', iface: '', port: String(port), ipv: 'udp4', outport: '', base64: false, multicast: 'false', wires: [] },
  ];
}
