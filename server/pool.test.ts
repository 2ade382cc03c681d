import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPool, type OpenPool, type Pool } from './pool.ts';

const workerFile = fileURLToPath(new URL('../worker/index.ts', import.meta.url));
const hanging = fileURLToPath(new URL('../scripts/hostile/hanging-worker.ts', import.meta.url));
let folder: string;
let page: string;
let pool: OpenPool | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ap pool '));
  page = join(folder, 'page.png');
  const text = Array.from({ length: 16 }, (_, i) => `<text x="80" y="${80 + i * 50}">Line ${i} of a long page</text>`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="2200"><rect width="1600" height="2200" fill="#fff"/><g font-size="30">${text.join('')}</g></svg>`;
  await writeFile(page, await sharp(Buffer.from(svg)).flatten({ background: '#fff' }).png().toBuffer());
});
afterEach(async () => {
  await pool?.close();
  pool = undefined;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const read = (from: Pool, options = {}) =>
  from.run('readPage', { path: page, type: 'image', page: 1, languages: ['eng'] }, options);

/** How many threads a first picture has to wait for. */
async function loadsForPicture(warm: boolean): Promise<number> {
  const seen = join(folder, `loaded ${warm}`);
  const counting = join(folder, `counting ${warm}.mjs`);
  const code = `import { appendFileSync } from 'node:fs';\nappendFileSync(${JSON.stringify(seen)}, '.');\nexport default () => ({ kind: 'image' });`;
  await writeFile(counting, code);
  await writeFile(seen, '');
  const own = createPool({ workerFile: counting, threads: 1 });
  const loaded = async () => (await readFile(seen, 'utf8')).length;
  if (warm) own.warm();
  // The thread that reads is there by itself.
  await expect.poll(loaded, { timeout: 20_000 }).toBe(warm ? 2 : 1);
  const before = await loaded();
  const input = { path: page, type: 'image' as const, page: 1, dpi: 60, outPath: join(folder, 'out.webp') };
  expect(await own.run('renderPage', input)).toMatchObject({ kind: 'image' });
  const loads = (await loaded()) - before;
  await own.close();
  return loads;
}

describe('createPool', () => {
  it('kills a task at its time limit; the pool goes on', async () => {
    pool = createPool({ workerFile, threads: 1 });
    expect(await read(pool, { timeoutMs: 20 })).toMatchObject({ kind: 'unreadable', reason: 'timeout' });
    expect(await read(pool)).toMatchObject({ kind: 'page' });
  });

  it('counts the time limit from the start of a task, not from its arrival', async () => {
    pool = createPool({ workerFile: hanging, threads: 1 });
    const extract = (timeoutMs?: number) =>
      pool!.run('extract', { path: page, type: 'image', document: '0', pages: [] }, timeoutMs ? { timeoutMs } : {});
    expect(await extract()).toMatchObject({ kind: 'reading' });
    const path = join(folder, 'waits a moment, too.png');
    await copyFile(page, path);
    // Three seconds of the one thread, which is longer than a warm one takes for nothing, three times over.
    const before = [1, 2, 3].map(() => pool!.run('inspect', { path, name: 'page.png' }));
    expect(await extract(900)).toMatchObject({ kind: 'reading' });
    expect((await Promise.all(before)).map(({ kind }) => kind)).toEqual(['document', 'document', 'document']);
  });

  it('cancels a running and a waiting task', async () => {
    pool = createPool({ workerFile, threads: 1 });
    const running = new AbortController();
    const waiting = new AbortController();
    const outcomes = [read(pool, { signal: running.signal }), read(pool, { signal: waiting.signal }), read(pool)];
    waiting.abort();
    expect(await outcomes[1]).toMatchObject({ reason: 'cancelled' });
    running.abort();
    expect(await outcomes[0]).toMatchObject({ reason: 'cancelled' });
    expect(await outcomes[2]).toMatchObject({ kind: 'page' });
    expect(await read(pool, { signal: waiting.signal })).toMatchObject({ reason: 'cancelled' });
  });

  it('gives a task longer where its thread gets no core', async () => {
    pool = createPool({ workerFile: hanging, threads: 1 });
    await pool.run('inspect', { path: page, name: 'page.png' });
    const path = join(folder, 'waits a moment.png');
    await copyFile(page, path);
    const outcome = await pool.run('inspect', { path, name: 'page.png' }, { timeoutMs: 600 });
    expect(outcome).toMatchObject({ kind: 'document' });
  }, 60_000);

  it('loses one thread, not the queue, to a page that hangs', async () => {
    pool = createPool({ workerFile: hanging, threads: 2 });
    const small = await sharp(page).resize(400).extract({ left: 0, top: 0, width: 400, height: 120 }).png().toBuffer();
    const file = join(folder, 'small.png');
    await writeFile(file, small);
    const readSmall = () => pool!.run('readPage', { path: file, type: 'image', page: 1, languages: ['eng'] });
    const input = { path: join(folder, 'hangs for ever.png'), type: 'image' as const, page: 1, languages: ['eng'] };
    const order: string[] = [];
    const stop = new AbortController();
    const hung = pool.run('readPage', input, { signal: stop.signal }).then((outcome) => order.push(outcome.kind));
    // All of them through the one thread that is left.
    await Promise.all([1, 2, 3].map(() => readSmall().then((outcome) => order.push(outcome.kind))));
    stop.abort();
    await hung;
    expect(order).toEqual(['page', 'page', 'page', 'unreadable']);
    // Two threads again: a second page that hangs would otherwise stop the queue.
    const again = new AbortController();
    const second = pool.run('readPage', input, { signal: again.signal });
    expect(await readSmall()).toMatchObject({ kind: 'page' });
    again.abort();
    expect(await second).toMatchObject({ reason: 'cancelled' });
    expect(await pool.run('readPage', input, { timeoutMs: 50 })).toMatchObject({ reason: 'timeout' });
  }, 90_000);

  it('makes a value of a thread that runs out of memory', async () => {
    pool = createPool({ workerFile, threads: 1, heapMb: 48 });
    const path = join(folder, 'large.xml');
    await writeFile(path, `<a>${'<b c="d">e</b>'.repeat(900_000)}</a>`);
    expect(await pool.run('inspect', { path, name: 'large.xml' })).toMatchObject({
      kind: 'unreadable',
      reason: 'out-of-memory',
    });
    expect(await pool.run('inspect', { path: page, name: 'page.png' })).toMatchObject({ kind: 'document' });
  });

  it('lets what a person waits for pass a thread that reads', async () => {
    pool = createPool({ workerFile, threads: 1 });
    const order: string[] = [];
    const reading = [1, 2, 3].map(() => read(pool!).then(() => order.push('page')));
    const outPath = join(folder, 'out.webp');
    const drawn = pool
      .run('renderPage', { path: page, type: 'image', page: 1, dpi: 60, outPath })
      .then((outcome) => order.push(outcome.kind));
    await Promise.all([...reading, drawn]);
    expect(order[0]).toBe('image');
  });

  it('has loaded what draws pages before the first is asked for, once it was warmed', async () => {
    expect(await loadsForPicture(false)).toBe(1);
    expect(await loadsForPicture(true)).toBe(0);
  });

  it('rejects where the code of the worker does not load, every time', async () => {
    const broken = join(folder, 'broken.mjs');
    await writeFile(broken, "import { nothing } from 'node:fs'; export default nothing;");
    pool = createPool({ workerFile: broken, threads: 1 });
    await expect(read(pool)).rejects.toThrow(/nothing/);
    await expect(read(pool)).rejects.toThrow(/nothing/);
    await expect(read(pool)).rejects.toThrow(/nothing/);
  });

  it('loses no thread to a promise that pdf.js leaves to nobody', async () => {
    pool = createPool({ workerFile: hanging, threads: 1 });
    const lets = async (name: string) => {
      const path = join(folder, name);
      await copyFile(page, path);
      return pool?.run('readPage', { path, type: 'image', page: 1, languages: ['eng'] });
    };
    expect(await lets('lets go.png')).toMatchObject({ kind: 'page' });
    await expect(lets('lets go of its own.png')).rejects.toThrow('a bug');
  });

  it('ends what waits when it is closed', async () => {
    pool = createPool({ workerFile, threads: 1 });
    const outcomes = [read(pool), read(pool)];
    await pool.close();
    expect(await Promise.all(outcomes)).toMatchObject([{ reason: 'cancelled' }, { reason: 'cancelled' }]);
  });
});
