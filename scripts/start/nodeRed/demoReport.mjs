/** Where the demo shows the report of a backtest. */
export const REPORT_PATH = '/backtest';

/**
 * The demo's tab "Backtest a flow" with a page: whoever opens it has the example's Backtest node walk, and sees its report. Node-RED's own nodes do it,
 * as they would for any page.
 */
export function withReportPage(nodes) {
  const walk = nodes.find(({ type }) => type === 'bellwether-backtest');
  if (walk === undefined) return nodes;
  const { z, x, y, wires: [done = [], refused = []] } = walk;
  const node = (id, type, name, right, down, more) => ({ id: `bellwether-report-${id}`, type, z, name, x: x + right, y: y + down, ...more });
  const asked = node('asked', 'http in', `Open ${REPORT_PATH}`, -180, 120, { url: REPORT_PATH, method: 'get', upload: false, wires: [[walk.id]] });
  const answer = node('answer', 'http response', 'Show', 560, 160, { statusCode: '', headers: {}, wires: [] });
  const only = node('only', 'switch', 'By the page?', 200, 160, { property: 'res', propertyType: 'msg', rules: [{ t: 'nnull' }], checkall: 'true', outputs: 1, wires: [['bellwether-report-page']] });
  const page = node('page', 'change', 'Report or reason', 390, 160, { rules: [{ t: 'set', p: 'payload', pt: 'msg', to: '$exists(html) ? html : payload.denial.message', tot: 'jsonata' }], wires: [[answer.id]] });
  const wired = { ...walk, wires: [[...done, only.id], [...refused, only.id]] };
  return [...nodes.map((each) => (each === walk ? wired : each)), asked, only, page, answer];
}
