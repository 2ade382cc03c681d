/** Export files as they are downloaded. */
import { randomUUID } from 'node:crypto';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExportBatch } from '../../core/contract/http.ts';
import type { Invoice } from '../../core/contract/invoice.ts';
import { invoicePdf } from '../testing.ts';
import { correctionOf, startClient, type TestClient } from '../testing-client.ts';

let client: TestClient;
beforeAll(async () => {
  client = await startClient();
});
afterAll(async () => {
  await client.close();
});

const confirm = async (number: string): Promise<string> => {
  const seen = await client.read(await client.takeOne(`${number}.pdf`, await invoicePdf({ number })));
  const known = [
    correctionOf(seen, 'buyerName', '=HYPERLINK("http://evil.example")'),
    correctionOf(seen, 'vendorAddress', '12 Mill Lane\nLeeds LS1 4AB\nUnited Kingdom'),
    correctionOf(seen, 'buyerAddress', '4 Harbour Street\nBristol BS1 5DB\nUnited Kingdom'),
  ];
  const corrected = (await client.correct(seen.id, known)).json<Invoice>();
  expect((await client.transition(corrected, 'confirmed')).status).toBe(200);
  return seen.id;
};

const out = async (format: string, ...invoices: string[]) => {
  const batchId = randomUUID();
  const json = { format, batchId, invoices, dryRun: false };
  const made = (await client.request('/api/v1/exports', { json })).json<{ batch: ExportBatch }>();
  return { name: made.batch.fileName, bytes: (await client.request(`/api/v1/exports/${batchId}/file`)).bytes };
};

test('every format makes a file of its kind', async () => {
  const csv = await out('csv', await confirm('CSV-1'));
  expect(csv.bytes.toString('utf8')).toContain(`'=HYPERLINK`);

  const json = await out('json', await confirm('JSON-1'));
  expect(JSON.parse(json.bytes.toString('utf8'))).toMatchObject({ invoices: [{ invoiceNumber: 'JSON-1' }] });

  const xlsx = unzipSync((await out('xlsx', await confirm('XLSX-1'))).bytes);
  const sheets = Object.keys(xlsx).filter((name) => name.startsWith('xl/worksheets/sheet'));
  expect(sheets).toHaveLength(2);
  const cells = sheets.map((name) => strFromU8(xlsx[name] ?? new Uint8Array())).join('');
  expect(cells).not.toContain('<f>');
  expect(cells).toContain('<v>267.6</v>');

  const one = await out('ubl', await confirm('UBL-1'));
  expect(one.name).toMatch(/\.xml$/);
  expect(one.bytes.toString('utf8')).toContain('<cbc:ID>UBL-1</cbc:ID>');
  const two = await out('ubl', await confirm('UBL-2'), await confirm('UBL-3'));
  const members = Object.keys(unzipSync(two.bytes)).map((name) => name.slice(0, 5));
  expect(members.toSorted()).toEqual(['UBL-2', 'UBL-3']);
});
