/** Areas drawn on pages, over HTTP: a real server, real pages, the real engine. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Invoice } from '../core/contract/invoice.ts';
import type { Box } from '../core/contract/reading.ts';
import type { RegionText } from '../core/contract/region.ts';
import { invoicePdf } from './testing.ts';
import { startClient, type TestClient } from './testing-client.ts';

const SAMPLES = join(import.meta.dirname, '..', 'resources', 'samples');

let client: TestClient;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client.close());

const region = (id: string, page: number, body: object) =>
  client.request(`/api/v1/invoices/${id}/pages/${page}/region`, { json: body });

const around = ([x0, y0, x1, y1]: Box): Box => [x0 - 30, y0 - 25, x1 + 30, y1 + 25];
const boxOf = (invoice: Invoice, field: 'grossTotal' | 'invoiceNumber'): Box => around(invoice.header[field]!.box!);

test('a text layer answers with its own words', async () => {
  const id = await client.takeOne('a.pdf', await invoicePdf({ number: 'RG-1' }));
  const invoice = await client.read(id);
  const reply = await region(id, 1, {
    box: boxOf(invoice, 'grossTotal'),
    cell: { type: 'invoice', field: 'grossTotal' },
  });
  expect(reply.json<RegionText>()).toMatchObject({
    source: 'text',
    confidence: 1,
    value: invoice.header.grossTotal!.value,
  });
  expect((await client.request(`/api/v1/invoices/${id}/pages/1/region/prepare`, { json: {} })).json()).toEqual({
    ready: false,
  });
});

test('an area of a scan is read by OCR, its words stand where they are printed, its value has the form of the field', async () => {
  const id = await client.takeOne('scan.pdf', await readFile(join(SAMPLES, '02-steinberg-scan.pdf')));
  const invoice = await client.read(id);
  expect(invoice.reading?.source).toBe('ocr');
  const prepared = await client.request(`/api/v1/invoices/${id}/pages/1/region/prepare`, { json: {} });
  expect(prepared.json()).toEqual({ ready: true });
  const box = boxOf(invoice, 'grossTotal');
  const reply = await region(id, invoice.header.grossTotal!.page!, {
    box,
    cell: { type: 'invoice', field: 'grossTotal' },
  });
  const seen = reply.json<RegionText>();
  expect(seen).toMatchObject({ source: 'ocr', value: invoice.header.grossTotal!.value });
  const [x0, y0, x1, y1] = seen.words[0]!.box;
  expect(x0 >= box[0] - 20 && y0 >= box[1] - 20 && x1 <= box[2] + 20 && y1 <= box[3] + 20).toBe(true);
  const empty = await region(id, 1, { box: [9_000, 10, 9_900, 60], cell: { type: 'line', field: 'quantity' } });
  expect(empty.json<RegionText>()).toMatchObject({ text: '', words: [], value: null });
}, 60_000);

test('areas that are none, fields and pages that do not exist are refused', async () => {
  const id = await client.takeOne('b.pdf', await invoicePdf({ number: 'RG-2' }));
  await client.read(id);
  const good: Box = [100, 100, 900, 300];
  for (const box of [
    [0, 0, 5, 5],
    [900, 100, 100, 300],
    [-5, 0, 100, 100],
    [0, 0, 10_001, 50],
    [0.5, 0, 100, 100],
  ])
    expect((await region(id, 1, { box })).status).toBe(400);
  expect((await region(id, 1, { box: good, cell: { type: 'invoice', field: 'toString' } })).status).toBe(400);
  expect((await region(id, 2, { box: good })).status).toBe(404);
  expect((await region(id, 0, { box: good })).status).toBe(400);
  expect((await region('00000000-0000-4000-8000-000000000000', 1, { box: good })).status).toBe(404);
});
