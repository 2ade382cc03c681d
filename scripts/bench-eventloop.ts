/**
 * `npm run bench:eventloop -- [FOLDER] [--count 50] [--threads N]`: imports documents over HTTP into a fresh station while a reader asks for the queue, and
 * prints the event-loop delay that the server itself measured. Files of the folder are repeated with bytes added behind their end, so that each is another
 * document.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { filesUnder } from '../server/intake/intake.ts';
import { ask, type NamedBytes, upload } from '../server/testing.ts';
import { createFigures } from './figure.ts';
import { type ServerChild, startChild, stop } from './server-child.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'string', default: '50' }, threads: { type: 'string' } },
});
const count = Number(values.count);
const folder = positionals[0] ?? join(import.meta.dirname, '..', 'resources', 'samples');
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Behind the end of a PDF or a picture nothing is read; behind an XML a comment is. */
const varied = (name: string, bytes: Uint8Array, n: number): Uint8Array =>
  n === 0 ? bytes : Buffer.concat([bytes, Buffer.from(/\.xml$/i.test(name) ? `\n<!-- ${n} -->` : `\n%${n}\n`)]);

async function documents(): Promise<NamedBytes[]> {
  const files = (await filesUnder([folder])).filter((file) => /\.(pdf|png|jpe?g|tiff?|webp|xml)$/i.test(file));
  if (files.length === 0) throw new Error(`There are no documents in ${folder}.`);
  return Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const file = files[n % files.length] ?? '';
      const round = Math.floor(n / files.length);
      return { name: `${round}-${basename(file)}`, bytes: varied(file, await readFile(file), round) };
    }),
  );
}

interface Numbers {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

async function lagOf(server: ServerChild): Promise<Numbers> {
  const text = (await ask(server, '/metrics')).bytes.toString('utf8');
  const of = (quantile: string): number =>
    Number(new RegExp(`ap_event_loop_delay_seconds\\{quantile="${quantile}"\\} (\\S+)`).exec(text)?.[1]) * 1000;
  return { p50: of('0.5'), p99: of('0.99'), max: of('1') };
}

async function idle(server: ServerChild): Promise<boolean> {
  const { counters } = (await ask(server, '/api/v1/status')).json<{
    counters: { jobsWaiting: number; jobsRunning: number };
  }>();
  return counters.jobsWaiting + counters.jobsRunning === 0;
}

const figures = createFigures(say);
const data = await mkdtemp(join(tmpdir(), 'ap-eventloop-'));
const all = await documents();
const server = await startChild({ data, ...(values.threads === undefined ? {} : { threads: Number(values.threads) }) });
const from = performance.now();
for (let at = 0; at < all.length; at += 10) {
  const reply = await upload(server, all.slice(at, at + 10));
  if (reply.status !== 200) throw new Error(`upload answered ${reply.status}: ${reply.bytes.toString('utf8')}`);
}
while (!(await idle(server))) {
  // What an open screen asks for meanwhile.
  await ask(server, '/api/v1/invoices?limit=100');
  await sleep(250);
}
const seconds = (performance.now() - from) / 1000;
const lag = await lagOf(server);
const { items } = (await ask(server, '/api/v1/invoices?limit=500')).json<{ items: { status: string }[] }>();
await stop(server);
await rm(data, { recursive: true, force: true });
say(`${count} documents in ${seconds.toFixed(1)} s on ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'})`);
say(`event loop: p50 ${lag.p50.toFixed(1)} ms, p99 ${lag.p99.toFixed(1)} ms, longest ${lag.max.toFixed(1)} ms`);
figures.atLeast('eventloop.documents-read', items.filter((item) => item.status !== 'reading').length, count);
figures.atMost('eventloop.delay-p99-ms', lag.p99, 50);
process.exitCode = figures.ok() ? 0 : 1;
