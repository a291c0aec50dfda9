import type { IExecuteFunctions } from 'n8n-workflow';
import { withFiles } from './items';

/** What n8n makes of a file: here its text, so that it can be looked at. */
const host = { helpers: { prepareBinaryData: (data: Buffer, fileName: string, mimeType: string) => Promise.resolve({ data: data.toString('utf8'), fileName, mimeType }) } };

test('files become binary data under their names without the extension, beside what the item carries already', async () => {
  const before = { data: 'old', mimeType: 'text/csv' };
  const item = await withFiles(host as Pick<IExecuteFunctions, 'helpers'>, { json: { a: 1 }, binary: { before } }, [{ name: 'report.html', mimeType: 'text/html', text: '<p>₹</p>' }]);
  expect(item).toEqual({ json: { a: 1 }, binary: { before, report: { data: '<p>₹</p>', fileName: 'report.html', mimeType: 'text/html' } } });
});

test('an item without files stays as it is', async () => {
  const item = { json: { a: 1 } };
  expect(await withFiles(host as Pick<IExecuteFunctions, 'helpers'>, item, [])).toBe(item);
});
