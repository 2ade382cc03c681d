/** The station as a whole, over HTTP: a real server on a real socket, real SQLite, real worker threads, in folders of their own. */
import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExportBatch, StationEvent } from '../core/contract/http.ts';
import type { Invoice, InvoiceSummary } from '../core/contract/invoice.ts';
import { invoicePdf, upload } from './testing.ts';
import { correctionOf, until, startClient, type TestClient } from './testing-client.ts';

let client: TestClient;
beforeAll(async () => {
  client = await startClient();
});
afterAll(async () => {
  await client.close();
});

test('upload, read, correct, confirm, export', async () => {
  const id = await client.takeOne('invoice 4711.pdf', await invoicePdf({ number: 'NW-4711' }));
  const seen = await client.read(id);
  expect(seen.reading).toMatchObject({ source: 'text' });
  expect(seen.header.invoiceNumber?.value).toBe('NW-4711');
  expect(seen.header.grossTotal?.value).toBe('267.6');

  const corrected = (await client.correct(id, [correctionOf(seen, 'poNumber', 'PO-77')])).json<Invoice>();
  expect(corrected.header.poNumber).toMatchObject({ value: 'PO-77', source: 'manual', confidence: 1 });
  expect(corrected.revision).toBe(seen.revision + 1);

  expect((await client.transition(seen, 'confirmed')).json()).toMatchObject({ status: 409, code: 'stale' });
  const approved = (await client.transition(corrected, 'confirmed')).json<Invoice>();
  expect(approved.state).toBe('approved');
  expect((await client.correct(id, [correctionOf(approved, 'poNumber', 'PO-78')])).json()).toMatchObject({
    code: 'not_allowed',
  });

  const batchId = randomUUID();
  const wish = { format: 'csv', batchId, dryRun: true, invoices: [id] };
  const dry = (await client.request('/api/v1/exports', { json: wish })).json<{ preview: string; batch: null }>();
  expect(dry.preview).toContain('NW-4711');
  expect((await client.invoice(id)).state).toBe('approved');
  const made = (await client.request('/api/v1/exports', { json: { ...wish, dryRun: false } })).json<{
    batch: ExportBatch;
  }>();
  expect(made.batch).toMatchObject({ number: 1, invoices: [id], format: 'csv' });
  const again = (await client.request('/api/v1/exports', { json: { ...wish, dryRun: false } })).json<{
    batch: ExportBatch;
  }>();
  expect(again.batch).toEqual(made.batch);
  const file = await client.request(`/api/v1/exports/${batchId}/file`);
  expect(file.bytes.toString('utf8')).toContain('PO-77');
  expect(file.headers['content-disposition']).toContain('attachment');
  expect((await client.invoice(id)).state).toBe('exported');

  const { entries } = (await client.request(`/api/v1/invoices/${id}/history`)).json<{
    entries: { kind: string; field: string | null; before: (string | null)[]; value: string | null }[];
  }>();
  expect(entries.map((entry) => entry.kind)).toEqual([
    'invoice.created',
    'reading.recorded',
    'field.set',
    'transition',
    'transition',
    'transition',
    'transition',
  ]);
  expect(entries[2]).toMatchObject({ field: 'poNumber', before: [null], value: 'PO-77' });
});

test('the same bytes are taken once, a batch answers for each file, the key gives the same answer', async () => {
  const first = { name: 'a.pdf', bytes: await invoicePdf({ number: 'B-1' }) };
  const second = { name: 'b.pdf', bytes: await invoicePdf({ number: 'B-2' }) };
  const key = randomUUID();
  const { results } = await client.take([first, { ...first, name: 'copy of a.pdf' }, second], key);
  expect(results.map((result) => result.kind)).toEqual(['accepted', 'already', 'accepted']);
  const repeated = await client.take([first, { ...first, name: 'copy of a.pdf' }, second], key);
  expect(repeated.results).toEqual(results);
  const other = await upload(client.place, [second], key);
  expect(other.json()).toMatchObject({ status: 409, code: 'conflict' });
  const known = await client.take([first]);
  expect(known.results[0]).toMatchObject({
    kind: 'already',
    invoices: results[0]?.kind === 'accepted' ? results[0].invoices : [],
  });
});

test('a file over the limit is refused, the others of the batch are taken', async () => {
  const big = { name: 'big.pdf', bytes: new Uint8Array(50 * 1024 * 1024 + 1) };
  const good = { name: 'good.pdf', bytes: await invoicePdf({ number: 'L-1' }) };
  const { reply, results } = await client.take([big, good]);
  expect(reply.status).toBe(207);
  expect(results).toMatchObject([{ kind: 'refused', reason: 'too-large' }, { kind: 'accepted' }]);
});

test('names are text', async () => {
  const id = await client.takeOne('../../..\\evil\u202Efdp.exe', await invoicePdf({ number: 'N-1' }));
  expect((await client.invoice(id)).document.name).toBe('evilfdp.exe');
});

test('what cannot be read says why and stops nobody', async () => {
  const bad = await client.takeOne('notes.txt', Buffer.from('these are not the invoices you are looking for'));
  const empty = await client.takeOne('empty.pdf', new Uint8Array());
  const good = await client.takeOne('fine.pdf', await invoicePdf({ number: 'F-1' }));
  expect(await client.read(bad)).toMatchObject({
    status: 'exception',
    reading: { unreadable: { reason: 'unsupported' } },
  });
  expect(await client.read(empty)).toMatchObject({ status: 'exception', reading: { unreadable: { reason: 'empty' } } });
  expect((await client.read(good)).header.invoiceNumber?.value).toBe('F-1');
  // No dead end: a person can type what the program could not read.
  const typed = (
    await client.correct(bad, [correctionOf(await client.invoice(bad), 'invoiceNumber', 'X-1')])
  ).json<Invoice>();
  expect(typed.header.invoiceNumber?.value).toBe('X-1');
});

test('what happens is told as it happens', async () => {
  const events: StationEvent[] = [];
  const headers = { host: `127.0.0.1:${client.place.port}`, authorization: `Bearer ${client.place.token}` };
  const stream = httpRequest({
    host: '127.0.0.1',
    port: client.place.port,
    path: '/api/v1/events',
    headers,
    setHost: false,
  });
  stream.on('response', (reply) => {
    let rest = '';
    reply.setEncoding('utf8').on('data', (chunk: string) => {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) events.push(JSON.parse(block.replace(/^event: .*\ndata: /, '')) as StationEvent);
    });
  });
  stream.on('error', () => undefined);
  stream.end();
  await until('hello', async () => events.find((event) => event.type === 'hello'));
  const id = await client.takeOne('e.pdf', await invoicePdf({ number: 'E-1', pages: 3 }));
  await client.read(id);
  await until('the end of the job', async () =>
    events.find((event) => event.type === 'job' && event.job.root === id && event.job.state === 'done'),
  );
  const stages = events.flatMap((event) => (event.type === 'job' && event.job.root === id ? [event.job.stage] : []));
  expect(stages).toContain('page 3 of 3');
  const shown = events.flatMap((event) => (event.type === 'invoice' && event.id === id ? [event.summary.status] : []));
  expect(shown[0]).toBe('reading');
  expect(shown.at(-1)).not.toBe('reading');
  await until('counters', async () => events.find((event) => event.type === 'counters'));
  stream.destroy();
});

test('the queue is found, filtered and counted', async () => {
  await client.read(
    await client.takeOne('q.pdf', await invoicePdf({ number: 'QUEUE-1', vendor: 'Zebra Timber GmbH' })),
  );
  const { items } = (await client.request('/api/v1/invoices?q=zebra&status=exception&status=ready')).json<{
    items: InvoiceSummary[];
  }>();
  expect(items.map((item) => item.invoiceNumber)).toEqual(['QUEUE-1']);
  const status = (await client.request('/api/v1/status')).json<{ counters: { total: number; left: number } }>();
  expect(status.counters.total).toBeGreaterThan(5);
});

test('the log knows what was done, and nothing of what stands on an invoice', () => {
  expect(client.logged()).toContain('/api/v1/invoices/:id/corrections');
  for (const canary of [
    'GB33BUKB',
    '980780684',
    'Northwind',
    'Harbour Street',
    'NW-4711',
    'PO-77',
    '.pdf',
    'evil',
    client.place.token,
  ])
    expect(client.logged()).not.toContain(canary);
});
