import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { signatureOf } from '../../runtime/domain/condition';
import { INDICATORS } from '../../runtime/domain/indicators/indicators';
import { VOCABULARY } from '../../runtime/domain/series';
import { writtenParameters } from '../../runtime/domain/series/parameters';
import { bareOutput, wordOf } from '../../runtime/domain/series/vocabulary';

const FILE = path.resolve(__dirname, '../../docs/guide/indicators.md');

/** The guide's table. `UPDATE_GOLDEN=1` writes the page anew. */
function page(): string {
  const rows = INDICATORS.filter(({ name }) => !name.startsWith('cdl.')).map((spec) => {
    const parameters = writtenParameters(spec);
    const usual = parameters.map(({ fallback }) => fallback).join(', ');
    const outputs = spec.outputs.length === 1 && bareOutput(spec) !== undefined ? '' : spec.outputs.map((output) => `\`.${output}\``).join(' ');
    const written = signatureOf({ name: wordOf(spec), parameters });
    return `| \`${written}\` | ${spec.title} | ${usual} | ${outputs} | ${[...new Set(spec.units)].join(', ')} |`;
  });
  return `# Indicators and patterns

What conditions and the Indicator node can compute. Parameters may be left out from the end; the usual ones then count. A price (\`open\`, \`high\`, \`low\`, \`close\`, \`volume\`, \`hl2\`, \`hlc3\`, \`ohlc4\`) may stand in place of the close where a source is listed: \`sma(20, volume)\`.

Values follow TA-Lib's conventions; the option Convention follows TradingView's built-ins instead, which start averages differently. Both agree once an indicator has warmed up. Only closed candles count. Session-bound ones (\`vwap\`, \`orb\`, \`previousDay\`, \`pivots\`) begin anew with the exchange's session.

| write | it is | usual parameters | outputs | unit |
|---|---|---|---|---|
${rows.join('\n')}

## Patterns

True or false by themselves; as a number \`cdl.engulfing\` is 100 (bullish), -100 (bearish) or 0.

${VOCABULARY.patterns.map((name) => `\`${name}\``).join(', ')}
`;
}

test('the guide lists every indicator and pattern as it is written', () => {
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(FILE, page());
  expect(readFileSync(FILE, 'utf8')).toBe(page());
});
