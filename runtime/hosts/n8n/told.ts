import type { IExecuteFunctions } from 'n8n-workflow';
import type { Emission } from '../definition';

/** Hints of one execution: behind these the items themselves say it. */
const MOST_HINTS = 5;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** n8n has no line at a node on the canvas: what nodes have to say of their items stands above their output. The editor reads hints as HTML, so that names of nodes are escaped. */
export function tellAbove(host: Pick<IExecuteFunctions, 'addExecutionHints'>, emissions: readonly Pick<Emission, 'told'>[]): void {
  const told = emissions.flatMap((emission) => (emission.told === undefined ? [] : [emission.told])).slice(0, MOST_HINTS);
  for (const { text, details, isWarning } of told) {
    host.addExecutionHints({ message: [`${text}.`, ...details].map((words) => words.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? '')).join('<br>'), type: isWarning ? 'warning' : 'info', location: 'outputPane' });
  }
}

/** How far a long piece of work is, at every tenth, in the console of the browser that started it; n8n passes it on in executions by hand only. */
export function progressIn(host: Pick<IExecuteFunctions, 'sendMessageToUI'>): (text: string, done: number) => void {
  let told = 0;
  return (text, done) => {
    const tenth = Math.floor(done * 10);
    if (tenth <= told) return;
    told = tenth;
    host.sendMessageToUI(text);
  };
}
