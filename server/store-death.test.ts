/** A station whose database thread is killed while it reads documents: it goes on by itself, and everything is done once. */
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startClient, type TestClient, until } from './testing-client.ts';
import { invoicePdf } from './testing.ts';

const threads: Worker[] = [];
const collect = (worker: Worker): void => void threads.push(worker);
let client: TestClient;
let writer: Worker | undefined;
beforeAll(async () => {
  process.on('worker', collect);
  client = await startClient();
  writer = threads[0];
});
afterAll(async () => {
  await client.close();
  process.off('worker', collect);
});

const FILES = 5;

test('jobs go on after the thread of the database was killed', { timeout: 90_000 }, async () => {
  const files = await Promise.all(
    Array.from({ length: FILES }, async (_, at) => ({
      name: `${at}.pdf`,
      bytes: await invoicePdf({ number: `D-${at}` }),
    })),
  );
  const { results } = await client.take(files);
  const ids = results.flatMap((result) => (result.kind === 'accepted' ? result.invoices : []));
  expect(ids).toHaveLength(FILES);
  // In the middle: one is read, the others are on their way or wait.
  await until('the first reading', async () => {
    const seen = await Promise.all(ids.map((id) => client.invoice(id)));
    return seen.some((invoice) => invoice.status !== 'reading') ? true : undefined;
  });
  await writer?.terminate();
  // A request at that moment is answered by the new thread or told to come again; what follows works.
  for (const [at, id] of ids.entries()) expect((await client.read(id)).header.invoiceNumber?.value).toBe(`D-${at}`);
  const audit = await client.server.station.context.store.verifyAudit();
  expect(audit.problems).toEqual([]);
  // document.added, invoice.created, reading.recorded: each once.
  expect(audit.ops).toBe(FILES * 3);
  expect(client.logged()).toContain('database thread ended');
  expect((await client.request('/metrics')).bytes.toString('utf8')).toContain(
    'ap_store_thread_restarts_total{thread="writer"} 1',
  );
});
