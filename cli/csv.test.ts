import { csvLine } from './csv';

test.each<[string, string | number | null, string]>([
  ['plain text', 'SBIN', 'SBIN'], ['nothing', null, ''], ['a number', 1.5, '1.5'], ['a number below nought', -3, '-3'],
  ['a comma', 'a,b', '"a,b"'], ['quotes', 'say "no"', '"say ""no"""'], ['lines', 'a\r\nb', '"a\r\nb"'], ['blanks at an end', ' a', '" a"'],
  ['a formula', '=1+1', '\'=1+1'], ['a formula with a comma', '=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'], ['plus', '+1', '\'+1'], ['minus', '-1+1', '\'-1+1'], ['at', '@SUM(A1)', '\'@SUM(A1)'],
  ['a tab before one', '\t=1', '\'\t=1'], ['a line end before one', '\r=1', '"\'\r=1"'], ['a wide sign', '＝1', '\'＝1'],
])('%s', (_, value, cell) => {
  expect(csvLine([value])).toBe(cell);
});

test('cells stand between commas', () => {
  expect(csvLine(['a', null, 2, 'b,c'])).toBe('a,,2,"b,c"');
});
