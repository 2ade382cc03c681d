/** The station as a whole: a real server on a real socket, real SQLite, real worker threads, in folders of their own. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, statSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExportBatch, StationEvent } from '../core/contract/http.ts';
import type { IntakeResult } from '../core/contract/intake.ts';
import type { Invoice, InvoiceSummary } from '../core/contract/invoice.ts';
import { readConfig } from './config.ts';
import { type RunningServer, startServer } from './serve.ts';
import { ask, invoicePdf, type NamedBytes, type Place, type Reply, upload } from './testing.ts';

const TOKEN = randomBytes(32).toString('base64url');
let server: RunningServer;
let place: Place;
let logged = '';

const start = (data: string): Promise<RunningServer> =>
  startServer(readConfig({ AP_DATA: data, AP_TOKEN: TOKEN, AP_THREADS: '1' }), {
    logTo: { write: (line: string) => void (logged += line) },
    checkReplies: true,
  });

beforeAll(async () => {
  server = await start(mkdtempSync(join(tmpdir(), 'ap-station-')));
  place = { port: server.ready.port ?? 0, token: TOKEN };
});
afterAll(async () => {
  await server.close();
});

const get = async <T>(path: string): Promise<T> => (await ask(place, path)).json<T>();
const invoiceOf = (id: string): Promise<Invoice> => get(`/api/v1/invoices/${id}`);

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 600; tries += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`never happened: ${what}`);
}

async function take(files: readonly NamedBytes[], key?: string): Promise<{ reply: Reply; results: IntakeResult[] }> {
  const reply = await upload(place, files, key);
  return { reply, results: reply.json<{ results: IntakeResult[] }>().results };
}

async function takeOne(name: string, bytes: Uint8Array): Promise<string> {
  const { results } = await take([{ name, bytes }]);
  const [result] = results;
  if (result?.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(results)}`);
  return result.invoices[0] ?? '';
}

const read = (id: string): Promise<Invoice> =>
  until('the reading', async () => {
    const invoice = await invoiceOf(id);
    return invoice.status === 'reading' ? undefined : invoice;
  });

const correctionOf = (invoice: Invoice, field: keyof Invoice['header'], value: string | null) => ({
  entity: { type: 'invoice', id: invoice.id },
  field,
  value,
  parents: invoice.header[field]?.parents ?? [],
  opId: randomUUID(),
});

const correct = (id: string, corrections: readonly unknown[]): Promise<Reply> =>
  ask(place, `/api/v1/invoices/${id}/corrections`, { json: { corrections } });

const transition = (invoice: Invoice, to: string, opId: string = randomUUID()): Promise<Reply> =>
  ask(place, `/api/v1/invoices/${invoice.id}/transitions`, { json: { opId, to, digest: invoice.digest } });

test('upload, read, correct, confirm, export', async () => {
  const id = await takeOne('invoice 4711.pdf', await invoicePdf({ number: 'NW-4711' }));
  const seen = await read(id);
  expect(seen.reading).toMatchObject({ source: 'text' });
  expect(seen.header.invoiceNumber?.value).toBe('NW-4711');
  expect(seen.header.grossTotal?.value).toBe('267.6');

  const corrected = (await correct(id, [correctionOf(seen, 'poNumber', 'PO-77')])).json<Invoice>();
  expect(corrected.header.poNumber).toMatchObject({ value: 'PO-77', source: 'manual', confidence: 1 });
  expect(corrected.revision).toBe(seen.revision + 1);

  expect((await transition(seen, 'confirmed')).json()).toMatchObject({ status: 409, code: 'stale' });
  const approved = (await transition(corrected, 'confirmed')).json<Invoice>();
  expect(approved.state).toBe('approved');
  expect((await correct(id, [correctionOf(approved, 'poNumber', 'PO-78')])).json()).toMatchObject({
    code: 'not_allowed',
  });

  const batchId = randomUUID();
  const wish = { format: 'csv', batchId, dryRun: true, invoices: [id] };
  const dry = (await ask(place, '/api/v1/exports', { json: wish })).json<{ preview: string; batch: null }>();
  expect(dry.preview).toContain('NW-4711');
  expect((await invoiceOf(id)).state).toBe('approved');
  const made = (await ask(place, '/api/v1/exports', { json: { ...wish, dryRun: false } })).json<{
    batch: ExportBatch;
  }>();
  expect(made.batch).toMatchObject({ number: 1, invoices: [id], format: 'csv' });
  const again = (await ask(place, '/api/v1/exports', { json: { ...wish, dryRun: false } })).json<{
    batch: ExportBatch;
  }>();
  expect(again.batch).toEqual(made.batch);
  const file = await ask(place, `/api/v1/exports/${batchId}/file`);
  expect(file.bytes.toString('utf8')).toContain('PO-77');
  expect(file.headers['content-disposition']).toContain('attachment');
  expect((await invoiceOf(id)).state).toBe('exported');

  const { entries } = await get<{
    entries: { kind: string; field: string | null; before: (string | null)[]; value: string | null }[];
  }>(`/api/v1/invoices/${id}/history`);
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
  const { results } = await take([first, { ...first, name: 'copy of a.pdf' }, second], key);
  expect(results.map((result) => result.kind)).toEqual(['accepted', 'already', 'accepted']);
  const repeated = await take([first, { ...first, name: 'copy of a.pdf' }, second], key);
  expect(repeated.results).toEqual(results);
  const other = await upload(place, [second], key);
  expect(other.json()).toMatchObject({ status: 409, code: 'conflict' });
  const known = await take([first]);
  expect(known.results[0]).toMatchObject({
    kind: 'already',
    invoices: results[0]?.kind === 'accepted' ? results[0].invoices : [],
  });
});

test('a file over the limit is refused, the others of the batch are taken', async () => {
  const big = { name: 'big.pdf', bytes: new Uint8Array(50 * 1024 * 1024 + 1) };
  const good = { name: 'good.pdf', bytes: await invoicePdf({ number: 'L-1' }) };
  const { reply, results } = await take([big, good]);
  expect(reply.status).toBe(207);
  expect(results).toMatchObject([{ kind: 'refused', reason: 'too-large' }, { kind: 'accepted' }]);
});

test('names are text', async () => {
  const id = await takeOne('../../..\\evil\u202Efdp.exe', await invoicePdf({ number: 'N-1' }));
  expect((await invoiceOf(id)).document.name).toBe('evilfdp.exe');
});

test('what cannot be read says why and stops nobody', async () => {
  const bad = await takeOne('notes.txt', Buffer.from('these are not the invoices you are looking for'));
  const empty = await takeOne('empty.pdf', new Uint8Array());
  const good = await takeOne('fine.pdf', await invoicePdf({ number: 'F-1' }));
  expect(await read(bad)).toMatchObject({ status: 'exception', reading: { unreadable: { reason: 'unsupported' } } });
  expect(await read(empty)).toMatchObject({ status: 'exception', reading: { unreadable: { reason: 'empty' } } });
  expect((await read(good)).header.invoiceNumber?.value).toBe('F-1');
  // No dead end: a person can type what the program could not read.
  const typed = (await correct(bad, [correctionOf(await invoiceOf(bad), 'invoiceNumber', 'X-1')])).json<Invoice>();
  expect(typed.header.invoiceNumber?.value).toBe('X-1');
});

test('a correction is made once however often it is sent, and never refused as stale', async () => {
  const id = await takeOne('c.pdf', await invoicePdf({ number: 'C-1' }));
  const seen = await read(id);
  const one = correctionOf(seen, 'poNumber', 'P-1');
  const first = (await correct(id, [one])).json<Invoice>();
  const second = (await correct(id, [one])).json<Invoice>();
  expect(second.revision).toBe(first.revision);
  // Another person who has not seen the first edit: both stay, the field is in conflict, and nothing goes on until it is settled.
  const blind = (await correct(id, [correctionOf(seen, 'poNumber', 'P-2')])).json<Invoice>();
  expect(blind.header.poNumber?.conflict?.map((head) => head.value).toSorted()).toEqual(['P-1', 'P-2']);
  expect((await transition(blind, 'confirmed')).json()).toMatchObject({ code: 'in_conflict' });
  const settled = (await correct(id, [correctionOf(blind, 'poNumber', 'P-2')])).json<Invoice>();
  expect(settled.header.poNumber?.conflict).toBeUndefined();
});

test('many corrections at once all arrive', async () => {
  const id = await takeOne('m.pdf', await invoicePdf({ number: 'M-1' }));
  const seen = await read(id);
  const fields = ['poNumber', 'buyerReference', 'contractRef', 'vendorBic', 'paymentReference', 'vendorEmail'] as const;
  const replies = await Promise.all(fields.map((field) => correct(id, [correctionOf(seen, field, `v-${field}`)])));
  expect(replies.map((reply) => reply.status)).toEqual(fields.map(() => 200));
  const now = await invoiceOf(id);
  expect(fields.map((field) => now.header[field]?.value)).toEqual(fields.map((field) => `v-${field}`));
});

const duplicates = (invoice: Invoice) => invoice.findings.filter((finding) => finding.code === 'DUPLICATE_INVOICE');

test('who is compared is judged again when what they are compared with changes', async () => {
  const vendor = 'Twofold Tiles Ltd';
  const first = await takeOne('d1.pdf', await invoicePdf({ number: 'D-100', vendor }));
  expect(duplicates(await read(first))).toEqual([]);
  const second = await takeOne('d2.pdf', await invoicePdf({ number: 'D-100', vendor, pages: 2 }));
  const copy = await read(second);
  expect(duplicates(copy)).toMatchObject([{ severity: 'error', params: { other: first } }]);
  await until('the first knows of its copy', async () => {
    const found = duplicates(await invoiceOf(first));
    return found.length === 1 ? found : undefined;
  });
  await correct(second, [correctionOf(copy, 'invoiceNumber', 'D-999')]);
  await until('the first is clear again', async () =>
    duplicates(await invoiceOf(first)).length === 0 ? true : undefined,
  );
});

test('lines are added, deleted and brought back', async () => {
  const id = await takeOne('l.pdf', await invoicePdf({ number: 'LN-1' }));
  const seen = await read(id);
  const lineId = randomUUID();
  const added = (
    await ask(place, `/api/v1/invoices/${id}/lines`, { json: { opId: randomUUID(), lineId, order: 'zzV' } })
  ).json<Invoice>();
  expect(added.lines.at(-1)?.id).toBe(lineId);
  const gone = (
    await ask(place, `/api/v1/invoices/${id}/lines/${lineId}/delete`, { json: { opId: randomUUID(), parents: [] } })
  ).json<Invoice>();
  expect(gone.lines).toHaveLength(seen.lines.length);
  const back = (
    await ask(place, `/api/v1/invoices/${id}/lines/${lineId}/restore`, { json: { opId: randomUUID() } })
  ).json<Invoice>();
  expect(back.lines).toHaveLength(seen.lines.length + 1);
});

test('wrong values are refused with the field named', async () => {
  const id = await takeOne('w.pdf', await invoicePdf({ number: 'W-1' }));
  const seen = await read(id);
  const reply = await correct(id, [correctionOf(seen, 'grossTotal', '1.234,56')]);
  expect(reply.headers['content-type']).toContain('application/problem+json');
  expect(reply.json()).toMatchObject({ status: 422, code: 'invalid_value', details: { field: 'grossTotal' } });
  const foreign = { ...correctionOf(seen, 'poNumber', 'x'), parents: [randomUUID()] };
  expect((await correct(id, [foreign])).json()).toMatchObject({ code: 'bad_request' });
});

test('everything that is no success is a problem', async () => {
  for (const [path, asked, status] of [
    ['/api/v1/nothing', {}, 404],
    [`/api/v1/invoices/${randomUUID()}`, {}, 404],
    ['/api/v1/invoices/not-a-uuid', {}, 400],
    ['/api/v1/invoices?limit=0', {}, 400],
    ['/api/v1/settings', { method: 'PUT', json: { timeZone: 'Mars/Olympus' } }, 422],
    ['/api/v1/invoices/upload', { json: {} }, 415],
    ['/api/v1/exports', { json: { format: 'csv', batchId: randomUUID(), invoices: [randomUUID()] } }, 409],
    ['/%', {}, 400],
  ] as const) {
    const reply = await ask(place, path, asked);
    expect([path, reply.status]).toEqual([path, status]);
    expect(reply.headers['content-type']).toContain('application/problem+json');
    expect(reply.json()).toMatchObject({
      status,
      type: expect.stringMatching(/^urn:/) as string,
      title: expect.any(String) as string,
    });
  }
});

test('originals come with ranges and inert, pages as pictures', async () => {
  const bytes = await invoicePdf({ number: 'R-1' });
  const id = await takeOne('r.pdf', bytes);
  const { document } = await read(id);
  const path = `/api/v1/documents/${document.sha256}`;
  const whole = await ask(place, path);
  expect(whole.bytes.equals(Buffer.from(bytes))).toBe(true);
  expect(whole.headers).toMatchObject({ 'content-type': 'application/pdf', 'x-content-type-options': 'nosniff' });
  expect(whole.headers['content-disposition']).toMatch(/^attachment/);
  const part = await ask(place, path, { headers: { range: 'bytes=5-9' } });
  expect([part.status, part.bytes.length, part.headers['content-range']]).toEqual([
    206,
    5,
    `bytes 5-9/${bytes.length}`,
  ]);
  expect((await ask(place, path, { headers: { range: `bytes=${bytes.length}-` } })).status).toBe(416);
  const picture = await ask(place, `${path}/pages/1/image?dpi=60`);
  expect([picture.status, picture.headers['content-type']]).toEqual([200, 'image/webp']);
  expect(picture.bytes.subarray(8, 12).toString('latin1')).toBe('WEBP');
  const words = await get<{ words: { text: string }[] }>(`/api/v1/invoices/${id}/pages/1/words`);
  expect(words.words.map((word) => word.text)).toContain('INVOICE');
});

test('what happens is told as it happens', async () => {
  const events: StationEvent[] = [];
  const headers = { host: `127.0.0.1:${server.ready.port}`, authorization: `Bearer ${TOKEN}` };
  const stream = httpRequest({
    host: '127.0.0.1',
    port: server.ready.port,
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
  const id = await takeOne('e.pdf', await invoicePdf({ number: 'E-1', pages: 3 }));
  await read(id);
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
  await read(await takeOne('q.pdf', await invoicePdf({ number: 'QUEUE-1', vendor: 'Zebra Timber GmbH' })));
  const { items } = await get<{ items: InvoiceSummary[] }>('/api/v1/invoices?q=zebra&status=exception&status=ready');
  expect(items.map((item) => item.invoiceNumber)).toEqual(['QUEUE-1']);
  const status = await get<{ counters: { total: number; left: number } }>('/api/v1/status');
  expect(status.counters.total).toBeGreaterThan(5);
});

test('metrics, interface description and health', async () => {
  const metrics = (await ask(place, '/metrics')).bytes.toString('utf8');
  for (const name of [
    'ap_jobs_total',
    'ap_stage_seconds',
    'ap_pages_total',
    'ap_queue_jobs',
    'ap_event_loop_delay_seconds',
    'ap_http_request_seconds',
  ])
    expect(metrics).toContain(name);
  expect((await ask(place, '/metrics', { headers: { authorization: '' } })).status).toBe(401);
  expect((await ask(place, '/health', { headers: { authorization: '' } })).json()).toMatchObject({ status: 'ok' });
  const docs = await ask(place, '/docs/', { headers: { authorization: '' } });
  expect([docs.status, docs.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  const description = await get<{ openapi: string; paths: Record<string, unknown> }>('/docs/json');
  expect(description.openapi).toBe('3.1.0');
  expect(Object.keys(description.paths)).toContain('/api/v1/invoices/{id}/corrections');
});

test('on a private socket: readable by its owner alone, and the window is answered', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ap-socket-'));
  const socket = join(folder, 'server.sock');
  const config = readConfig({ AP_DATA: folder, AP_SOCKET: socket, AP_THREADS: '1' });
  const secluded = await startServer(config, { logTo: { write: () => undefined } });
  try {
    expect(secluded.ready).toMatchObject({ transport: 'socket', url: 'ap://app', socket });
    expect(process.platform === 'win32' ? 0o600 : statSync(socket).mode & 0o777).toBe(0o600);
    const reply = await ask({ socket }, '/api/v1/status', { headers: { origin: 'ap://app' } });
    expect(reply.json()).toMatchObject({ workspace: 'own' });
    await expect(start(folder)).rejects.toThrow(/in use by another/);
  } finally {
    await secluded.close();
  }
});

test('the log knows what was done, and nothing of what stands on an invoice', () => {
  expect(logged).toContain('/api/v1/invoices/:id/corrections');
  for (const canary of [
    'GB33BUKB',
    '980780684',
    'Northwind',
    'Harbour Street',
    'NW-4711',
    'PO-77',
    '.pdf',
    'evil',
    TOKEN,
  ])
    expect(logged).not.toContain(canary);
});
