import { mkdtempSync } from 'node:fs';
import { appendFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { openStation, type Station } from '../station.ts';
import { invoicePdf } from '../testing.ts';
import { createFolderWatch, type FolderWatch } from './watch.ts';

const QUIET_MS = 500;
const closing: (() => Promise<void>)[] = [];
let station: Station;
let root: string;

beforeEach(async () => {
  station = await openStation(readConfig({ AP_DATA: mkdtempSync(join(tmpdir(), 'ap-watch-')), AP_THREADS: '1' }), {
    logTo: { write: () => undefined },
  });
  closing.push(() => station.close());
  root = join(mkdtempSync(join(tmpdir(), 'ap-watched-')), 'in');
  await mkdir(root);
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function follow(quietMs = QUIET_MS): Promise<FolderWatch> {
  const watch = createFolderWatch(station.context.intake, station.context.log, quietMs);
  closing.push(() => watch.close());
  await watch.follow(root);
  return watch;
}

async function until(what: string, look: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await look()) return;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  throw new Error(`never happened: ${what}`);
}

const names = async (folder: string): Promise<string[]> =>
  (await readdir(join(root, folder)).catch(() => [] as string[])).toSorted();
const taken = async (): Promise<number> => (await station.context.store.invoiceIds({})).length;

test('finished files are taken and moved, also those that were there before', async () => {
  await writeFile(join(root, 'before.pdf'), await invoicePdf({ number: 'W-1' }));
  await follow();
  await writeFile(join(root, 'after.pdf'), await invoicePdf({ number: 'W-2' }));
  await until('both in done', async () => (await names('done')).length === 2);
  expect(await names('done')).toEqual(['after.pdf', 'before.pdf']);
  expect(await taken()).toBe(2);
});

test('the same bytes are not taken twice, and no file of that name is lost', async () => {
  const bytes = await invoicePdf({ number: 'W-3' });
  await writeFile(join(root, 'a.pdf'), bytes);
  const watch = await follow();
  await until('the first', async () => (await names('done')).length === 1);
  await watch.close();
  await writeFile(join(root, 'a.pdf'), bytes);
  await follow();
  await until('the second', async () => (await names('done')).length === 2);
  expect(await names('done')).toEqual(['a (2).pdf', 'a.pdf']);
  expect(await taken()).toBe(1);
});

test('a file that grows is taken when it stands still, an unfinished download never', async () => {
  // Long against the pauses of the writer, so that a busy machine makes no pause of its own.
  await follow(3_000);
  const bytes = Buffer.from(await invoicePdf({ number: 'W-4' }));
  const path = join(root, 'slow.pdf');
  await writeFile(path, bytes.subarray(0, 100));
  await writeFile(join(root, 'big.pdf.crdownload'), bytes);
  for (let at = 100; at < bytes.length; at += 400) {
    await appendFile(path, bytes.subarray(at, at + 400));
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  await until('the file', async () => (await names('done')).includes('slow.pdf'));
  const [id = ''] = await station.context.store.invoiceIds({});
  expect((await station.context.model.invoice(id)).document.size).toBe(bytes.length);
  expect(await taken()).toBe(1);
});

test('a file that is still written while the station starts is taken whole', async () => {
  const bytes = Buffer.from(await invoicePdf({ number: 'W-5' }));
  const path = join(root, 'early.pdf');
  await writeFile(path, bytes.subarray(0, 600));
  await follow(1_000);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await appendFile(path, bytes.subarray(600));
  await until('the file', async () => (await names('done')).includes('early.pdf'));
  const [id = ''] = await station.context.store.invoiceIds({});
  expect((await station.context.model.invoice(id)).document.size).toBe(bytes.length);
});

test('what the disk has no room for stays where it is, and is taken once there is room', async () => {
  const { intake } = station.context;
  let tries = 0;
  const full = {
    ...intake,
    keep: async (...file: Parameters<typeof intake.keep>) => {
      tries += 1;
      if (tries > 2) return intake.keep(...file);
      file[1].destroy();
      return { kind: 'refused', name: file[0], reason: 'storage', detail: 'The disk is full.', passing: true } as const;
    },
  };
  const watch = createFolderWatch(full, station.context.log, QUIET_MS, 50);
  closing.push(() => watch.close());
  await watch.follow(root);
  await writeFile(join(root, 'a.pdf'), await invoicePdf({ number: 'W-9' }));
  await until('the file', async () => (await names('done')).length === 1);
  expect([tries, await names('failed'), await taken()]).toEqual([3, [], 1]);
});

test('what is refused goes to failed with its reason', async () => {
  await follow();
  await writeFile(join(root, 'huge.pdf'), new Uint8Array(50 * 1024 * 1024 + 1));
  await until('failed', async () => (await names('failed')).length === 2);
  expect(await names('failed')).toEqual(['huge.pdf', 'huge.pdf.reason.txt']);
});
