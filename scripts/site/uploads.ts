/** A thousand documents by sixteen clients through nginx while nobody reads them, and the same bytes put into the same store straight away, in turns. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { createS3Client } from '../../server/blobs/s3-client.ts';
import { readS3Config } from '../../server/blobs/s3-config.ts';
import { invoicePdf } from '../../server/testing.ts';
import { assert } from '../images/report.ts';
import type { Around } from './around.ts';
import type { Ask } from './http.ts';
import { cpuSeconds } from './cpu.ts';
import { allInvoices } from './lists.ts';
import { acceptedId, type NewFile, upload } from './work.ts';

const CLIENTS = 16;
const ROUNDS = 5;
/** As digital invoices with a logo have. */
const BYTES = 40_000;
/** Every so many files are sent twice at the same time, with the same key. */
const TWICE = 20;
const PROVED = 50;

/** Different bytes each, one after the other of a handful of invoices: what fills them up is a comment, which no reader reads. */
async function makeFiles(count: number, prefix: string): Promise<NewFile[]> {
  const kinds = await Promise.all(
    Array.from({ length: 8 }, (_one, index) => invoicePdf({ number: `${prefix}-${index}` })),
  );
  return Array.from({ length: count }, (_one, index) => {
    const kind = kinds[index % kinds.length]!;
    const filling = randomBytes(Math.ceil((BYTES - kind.length) / 2)).toString('hex');
    return { name: `${prefix}-${index}.pdf`, bytes: Buffer.concat([kind, Buffer.from(`\n%${filling}\n`)]) };
  });
}

/** Files a second, by `CLIENTS` who each take the next one. */
async function rate(
  files: readonly NewFile[],
  put: (file: NewFile, index: number, client: number) => Promise<void>,
): Promise<number> {
  let next = 0;
  const from = performance.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_one, client) => {
      for (let index = next++; index < files.length; index = next++) await put(files[index]!, index, client);
    }),
  );
  return files.length / ((performance.now() - from) / 1_000);
}

const mean = (all: readonly number[]): number => all.length / all.reduce((sum, one) => sum + 1 / one, 0);

interface Sent {
  readonly ids: ReadonlyMap<string, string>;
  readonly errors: readonly string[];
  readonly site: readonly number[];
  readonly raw: readonly number[];
  /** Milliseconds of processor for one, by program. */
  readonly work: { readonly site: Work; readonly raw: Work };
}
type Work = Map<string, number>;

/** Adds what `task` cost to a sum. */
async function costing<T>(sum: Work, task: () => Promise<T>): Promise<T> {
  const before = cpuSeconds();
  const result = await task();
  for (const [name, seconds] of cpuSeconds())
    sum.set(name, (sum.get(name) ?? 0) + (seconds - (before.get(name) ?? 0)) * 1_000);
  return result;
}

const told = (work: Work, count: number): string =>
  [...work]
    .map(([name, ms]) => [name, ms / count] as const)
    .filter(([, ms]) => ms >= 0.05)
    .map(([name, ms]) => `${name} ${ms.toFixed(1)}`)
    .join(', ');

async function send({ site, people }: Around, files: readonly NewFile[]): Promise<Sent> {
  // An address each, and a handful of people: limits count both.
  const asks: readonly Ask[] = Array.from({ length: CLIENTS }, (_one, index) =>
    site.http({ from: `127.0.88.${index + 1}` }),
  );
  const roles = ['reviewer', 'approver', 'admin', 'service'] as const;
  const uploaders = await Promise.all(roles.map((role) => people.of(role)));
  const ids = new Map<string, string>();
  const errors: string[] = [];
  const config = readS3Config(site.env);
  assert(config !== undefined, 'no S3');
  const s3 = createS3Client(config);
  const rounds = Array.from({ length: ROUNDS }, (_one, round) =>
    files.filter((_file, index) => index % ROUNDS === round),
  );
  const bySite: number[] = [];
  const raw: number[] = [];
  const work = { site: new Map<string, number>(), raw: new Map<string, number>() };

  async function toSite(file: NewFile, index: number, client: number): Promise<void> {
    try {
      const token = await uploaders[client % uploaders.length]!.token();
      const key = randomUUID();
      const answers = await Promise.all(
        Array.from({ length: index % TWICE === 0 ? 2 : 1 }, () => upload(asks[client]!, token, file, key)),
      );
      const named = new Set(answers.map(acceptedId));
      if (named.size > 1) errors.push(`${file.name} became ${named.size} invoices`);
      ids.set(file.name, [...named][0]!);
    } catch (error) {
      errors.push(`${file.name}: ${String(error)}`);
    }
  }
  const toStore = async ({ name, bytes }: NewFile): Promise<void> => {
    await s3.send(new PutObjectCommand({ Bucket: config.bucket, Key: `raw/${name}`, Body: bytes }));
  };
  try {
    for (const round of rounds) {
      bySite.push(await costing(work.site, () => rate(round, toSite)));
      raw.push(await costing(work.raw, () => rate(round, toStore)));
    }
  } finally {
    s3.destroy();
  }
  return { ids, errors, site: bySite, raw, work };
}

/** How many are not there as they were sent, and how many are there too often. */
async function look(
  { ask, people }: Around,
  files: readonly NewFile[],
  { ids }: Sent,
): Promise<{ lost: number; doubled: number }> {
  const { token } = await people.of('reviewer');
  const names = new Set(files.map(({ name }) => name));
  const listed = (await allInvoices(ask, await token())).filter(({ documentName }) => names.has(documentName));
  const byId = new Map(listed.map((one) => [one.id, one]));
  let lost = files.filter(({ name }) => !byId.has(ids.get(name) ?? '')).length;
  for (const { name, bytes } of files.filter((_one, index) => index % Math.ceil(files.length / PROVED) === 0)) {
    const sha = createHash('sha256').update(bytes).digest('hex');
    const kept = await ask(`/api/v1/documents/${sha}`, { token: await token() });
    if (byId.get(ids.get(name) ?? '')?.documentSha !== sha || !kept.bytes.equals(bytes)) lost += 1;
  }
  return { lost, doubled: Math.max(0, listed.length - files.length) };
}

export async function uploads(around: Around): Promise<void> {
  const { site, report, say, short, seed } = around;
  const readers = site.replicas.filter(({ kind }) => kind !== 'api');
  await report.check('uploads by 16 clients through nginx, workers paused', async () => {
    await Promise.all(readers.map((one) => one.stop()));
    try {
      const files = await makeFiles(short ? 200 : 1_000, `UPLOAD${seed}`);
      const sent = await send(around, files);
      for (const line of sent.errors.slice(0, 10)) say(`WRONG   ${line}`);
      const { lost, doubled } = await look(around, files, sent);
      report.figures.atMost('uploads-errors', sent.errors.length, 0);
      report.figures.atMost('uploads-lost', lost, 0);
      report.figures.atMost('uploads-doubled', doubled, 0);
      const [ours, raw] = [mean(sent.site), mean(sent.raw)];
      const each = sent.site.map((one, index) => `${one.toFixed(0)}/${sent.raw[index]!.toFixed(0)}`).join(' ');
      say(`uploads a second ${ours.toFixed(1)}, raw puts a second ${raw.toFixed(1)} (${each})`);
      say(
        `ms of processor each: upload: ${told(sent.work.site, files.length)}; put: ${told(sent.work.raw, files.length)}`,
      );
      report.figures.atLeast('uploads-of-raw-puts', ours / raw, 0.5);
      return `${files.length} files of ${BYTES / 1_000} kB`;
    } finally {
      for (const one of readers) one.start();
      await site.ready();
    }
  });
}
