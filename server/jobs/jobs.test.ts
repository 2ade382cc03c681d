/** The jobs over a real store and real worker threads: resuming, cancelling, containers, several at once. */
import { zipSync } from 'fflate';
import { mkdtempSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import type { Invoice } from '../../core/contract/invoice.ts';
import { readConfig } from '../config.ts';
import { createIntake } from '../intake/intake.ts';
import { openStation, type Station } from '../station.ts';
import type { Change } from '../store/store.ts';
import { invoicePdf } from '../testing.ts';

const open: Station[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function station(data: string, threads = 1): Promise<Station> {
  const made = await openStation(readConfig({ AP_DATA: data, AP_THREADS: String(threads) }), {
    logTo: { write: () => undefined },
  });
  open.push(made);
  return made;
}

const folder = (): string => mkdtempSync(join(tmpdir(), 'ap-jobs-'));

async function take({ context }: Station, name: string, bytes: Uint8Array): Promise<string> {
  const kept = await context.intake.keep(name, Readable.from([Buffer.from(bytes)]));
  const [result] = await context.intake.take([kept], 'upload');
  return result?.kind === 'accepted' ? (result.invoices[0] ?? '') : '';
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 1_500; tries += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`never happened: ${what}`);
}

const read = (made: Station, id: string): Promise<Invoice> =>
  until('the reading', async () => {
    const invoice = await made.context.model.invoice(id);
    return invoice.status === 'reading' ? undefined : invoice;
  });

const idle = (made: Station): Promise<true> =>
  until('an empty queue', async () => {
    const { waiting, running } = await made.context.queue.counts();
    return waiting + running === 0 ? true : undefined;
  });

const pagesRead = async ({ context }: Station): Promise<number> => {
  const { values } = await context.metrics.pages.get();
  return values.reduce((sum, { value }) => sum + value, 0);
};

test('after a break only the pages that were not finished are read', async () => {
  const data = folder();
  const pages = 100;
  const first = await station(data);
  await first.start();
  const id = await take(first, 'long.pdf', await invoicePdf({ number: 'LONG-1', pages }));
  await until('some pages', async () => ((await pagesRead(first)) >= 2 ? true : undefined));
  const before = await pagesRead(first);
  await first.close();
  open.pop();
  const kept = (await readdir(first.context.folders.pages, { recursive: true })).filter((name) =>
    name.endsWith('.json'),
  );
  expect(kept.length).toBeGreaterThanOrEqual(Math.min(before, pages) - 1);

  const second = await station(data);
  await second.start();
  const invoice = await read(second, id);
  expect(invoice.reading?.pages).toHaveLength(pages);
  expect(invoice.header.invoiceNumber?.value).toBe('LONG-1');
  expect((await pagesRead(second)) + kept.length).toBe(pages);
  await idle(second);
  expect((await second.context.store.opsOf(id)).filter((op) => op.body.kind === 'reading.recorded')).toHaveLength(1);
  await until('a clean cache', async () =>
    (await readdir(second.context.folders.pages)).length === 0 ? true : undefined,
  );
});

test('a reading that a person cancels ends with that reason and can be done again', async () => {
  const made = await station(folder());
  const id = await take(made, 'c.pdf', await invoicePdf({ number: 'CANCEL-1', pages: 200 }));
  await made.start();
  await until('work', async () => ((await pagesRead(made)) > 0 ? true : undefined));
  expect(await made.context.review.cancelReading(id)).toBe(true);
  expect(await read(made, id)).toMatchObject({ status: 'exception', reading: { unreadable: { reason: 'cancelled' } } });
  expect(await made.context.review.cancelReading(id)).toBe(false);
  await made.context.review.reprocess(id);
  const again = await until('the second reading', async () => {
    const invoice = await made.context.model.invoice(id);
    return invoice.reading?.unreadable === undefined ? invoice : undefined;
  });
  expect(again.header.invoiceNumber?.value).toBe('CANCEL-1');
});

test('what is in an archive becomes documents of their own, once', async () => {
  const made = await station(folder());
  await made.start();
  const one = await invoicePdf({ number: 'ZIP-1' });
  const inner = zipSync({ 'deep.pdf': await invoicePdf({ number: 'ZIP-3' }) });
  const zip = zipSync({
    'a.pdf': one,
    'copy of a.pdf': one,
    '../../b.pdf': await invoicePdf({ number: 'ZIP-2' }),
    'more.zip': inner,
  });
  const id = await take(made, 'all.zip', zip);
  await read(made, id);
  await idle(made);
  const { items } = await made.context.store.invoices({ sort: 'invoiceNumber', order: 'asc', limit: 100 });
  const numbers = items.map((item) => item.invoiceNumber).filter((number) => number !== null);
  expect(numbers.toSorted()).toEqual(['ZIP-1', 'ZIP-2', 'ZIP-3']);
  const container = await made.context.model.invoice(id);
  expect(container).toMatchObject({ state: 'void', document: { kind: 'zip' } });
  const member = items.find((item) => item.invoiceNumber === 'ZIP-2');
  const document = await made.context.store.document(member?.documentSha ?? '');
  expect(document).toMatchObject({ name: 'b.pdf', parent: container.document.sha256 });
});

test('a member that another process takes while its archive is recorded is one document all the same', async () => {
  const made = await station(folder());
  const { context } = made;
  const bytes = Buffer.from(await invoicePdf({ number: 'RACE-1' }));
  // As of another process: it waits for no lane of this one.
  const other = createIntake(context, context.model);
  const { store } = context;
  const commit = store.commit.bind(store);
  let taken: string | undefined;
  Object.assign(store, {
    commit: async (change: Change) => {
      const isContainer = change.finishes !== undefined && change.documents.length > 1;
      if (isContainer && taken === undefined) {
        const [result] = await other.take([await other.keep('first.pdf', Readable.from([bytes]))], 'upload');
        taken = result?.kind === 'accepted' ? result.invoices[0] : '';
      }
      return commit(change);
    },
  });
  await made.start();
  const zip = zipSync({ 'late.pdf': bytes, 'other.pdf': await invoicePdf({ number: 'RACE-2' }) });
  const container = await read(made, await take(made, 'race.zip', zip));
  await idle(made);
  expect(container.state).toBe('void');
  expect(container.reading?.notes[0]?.params).toMatchObject({ members: '2', taken: '1' });
  const { items } = await store.invoices({ sort: 'invoiceNumber', order: 'asc', limit: 100 });
  const raced = items.filter(({ invoiceNumber }) => invoiceNumber === 'RACE-1');
  expect(raced.map(({ id }) => id)).toEqual([taken]);
  expect(items).toHaveLength(3);
});

test('several are read at once', async () => {
  const made = await station(folder(), 2);
  const ids: string[] = [];
  for (let n = 1; n <= 4; n += 1)
    ids.push(await take(made, `${n}.pdf`, await invoicePdf({ number: `P-${n}`, pages: 3 })));
  const working = new Set<string>();
  let most = 0;
  made.context.hub.subscribe((event) => {
    if (event.type !== 'job' || event.job.name !== 'intake') return;
    if (event.job.state === 'running') working.add(event.job.id);
    else working.delete(event.job.id);
    most = Math.max(most, working.size);
  });
  await made.start();
  for (const id of ids) await read(made, id);
  expect(most).toBe(2);
});

test('a path that cannot be opened is refused, the others are taken', async () => {
  const made = await station(folder());
  const here = join(folder(), 'here.pdf');
  await writeFile(here, await invoicePdf({ number: 'PATH-1' }));
  const results = await made.context.intake.importPaths(['/nowhere/at/all.pdf', here], 'path');
  expect(results).toMatchObject([
    { kind: 'refused', file: 'all.pdf', reason: 'unreadable-file' },
    { kind: 'accepted', file: 'here.pdf' },
  ]);
});
