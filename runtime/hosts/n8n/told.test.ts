import type { NodeExecutionHint } from 'n8n-workflow';
import { progressIn, tellAbove } from './told';

const hintsOf = (...emissions: Parameters<typeof tellAbove>[1]): readonly NodeExecutionHint[] => {
  const hints: NodeExecutionHint[] = [];
  tellAbove({ addExecutionHints: (...more) => { hints.push(...more); } }, emissions);
  return hints;
};

test('what a node has to say stands above its output, a warning as one, names as text', () => {
  expect(hintsOf({}, { told: { text: '3 trades, net ₹12.00', details: [], isWarning: false } }, { told: { text: '1 error', details: ['Error: "<img src=x>" & more.'], isWarning: true } })).toEqual([
    { message: '3 trades, net ₹12.00.', type: 'info', location: 'outputPane' },
    { message: '1 error.<br>Error: &quot;&lt;img src=x&gt;&quot; &amp; more.', type: 'warning', location: 'outputPane' },
  ]);
});

test('of many items the first five are told', () => {
  expect(hintsOf(...Array.from({ length: 20 }, (_, index) => ({ told: { text: `${index}`, details: [], isWarning: false } }))).map(({ message }) => message)).toEqual(['0.', '1.', '2.', '3.', '4.']);
});

test('progress is told at every tenth, however often it comes', () => {
  const told: unknown[] = [];
  const onProgress = progressIn({ sendMessageToUI: (message) => { told.push(message); } });
  for (let share = 0; share <= 1_000; share += 1) onProgress(`${share / 10} %`, share / 1_000);
  expect(told).toEqual(['10 %', '20 %', '30 %', '40 %', '50 %', '60 %', '70 %', '80 %', '90 %', '100 %']);
});
