/**
 * Makes the database of a released schema for F15, by running the program that wrote it: `make-old.ts TREE OUT.zip`, TREE being a checkout of that commit with
 * its packages. What it does there, every version can do: documents are taken in and read, fields corrected, lines added and deleted, an invoice confirmed.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { zipSync } from 'fflate';
import type { IntakeResult } from '../../core/contract/intake.ts';
import type { Invoice } from '../../core/contract/invoice.ts';
import { ask, type Asked, invoicePdf, upload } from '../../server/testing.ts';
import { type ServerChild, startChild, stop } from '../server-child.ts';

const DOCUMENTS = 3;

async function read(child: ServerChild, id: string): Promise<Invoice> {
  for (;;) {
    const invoice = (await ask(child, `/api/v1/invoices/${id}`)).json<Invoice>();
    if (invoice.status !== 'reading') return invoice;
    await sleep(100);
  }
}

async function must<T>(child: ServerChild, path: string, asked: Asked): Promise<T> {
  const reply = await ask(child, path, asked);
  if (reply.status !== 200) throw new Error(`${path} answered ${reply.status}: ${reply.bytes.toString('utf8')}`);
  return reply.json<T & Record<string, unknown>>();
}

async function work(child: ServerChild): Promise<void> {
  for (let n = 1; n <= DOCUMENTS; n += 1) {
    const bytes = await invoicePdf({ number: `OLD-${n}` });
    const reply = await upload(child, [{ name: `old ${n}.pdf`, bytes }], randomUUID());
    const [result] = reply.json<{ results: IntakeResult[] }>().results;
    if (result?.kind !== 'accepted') throw new Error(`not accepted: ${reply.bytes.toString('utf8')}`);
    const invoice = await read(child, result.invoices[0] ?? '');
    const path = `/api/v1/invoices/${invoice.id}`;
    const set = (field: keyof Invoice['header'], value: string) => ({
      entity: { type: 'invoice', id: invoice.id },
      field,
      value,
      opId: randomUUID(),
      parents: invoice.header[field]?.parents ?? [],
    });
    const corrections = [set('poNumber', `PO-${n}`), set('buyerReference', `by hand ${n}`)];
    await must(child, `${path}/corrections`, { json: { corrections } });
    if (n === 1) {
      const line = { opId: randomUUID(), lineId: randomUUID(), order: 'zz' };
      await must(child, `${path}/lines`, { json: line });
      const parents = [line.opId];
      await must(child, `${path}/lines/${line.lineId}/delete`, { json: { opId: randomUUID(), parents } });
    }
    const { digest } = await read(child, invoice.id);
    if (n === 2)
      await must(child, `${path}/transitions`, {
        json: { opId: randomUUID(), to: 'on_hold', digest, reason: 'asking the vendor' },
      });
    if (n === 3) await must(child, `${path}/transitions`, { json: { opId: randomUUID(), to: 'confirmed', digest } });
  }
  for (let waiting = 1; waiting > 0; await sleep(100)) {
    const { counters } = await must<{ counters: { jobsWaiting: number; jobsRunning: number } }>(
      child,
      '/api/v1/status',
      {},
    );
    waiting = counters.jobsWaiting + counters.jobsRunning;
  }
}

const [tree = '', out = ''] = process.argv.slice(2);
const data = mkdtempSync(join(tmpdir(), 'ap-old-'));
try {
  const child = await startChild({ data, threads: 1, entry: join(tree, 'server', 'start.ts') });
  await work(child);
  await stop(child);
  const own = join(data, 'own');
  const files = readdirSync(own, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name))
    .filter((path) => /^(?:station\.db$|blobs\/)/.test(relative(own, path)));
  const entries = files.map((path) => [relative(own, path), new Uint8Array(readFileSync(path))] as const);
  writeFileSync(out, zipSync(Object.fromEntries(entries), { level: 9, mtime: '2026-01-01T00:00:00Z' }));
} finally {
  rmSync(data, { recursive: true, force: true });
}
