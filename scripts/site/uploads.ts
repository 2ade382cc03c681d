/** A thousand documents by sixteen clients through nginx while nobody reads them, and the same bytes put into the same store straight away, in turns. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { createS3Client } from '../../server/blobs/s3-client.ts';
import { readS3Config } from '../../server/blobs/s3-config.ts';
import { invoicePdf } from '../../server/testing.ts';
import { assert } from '../images/report.ts';
import type { Around } from './around.ts';
import { allInvoices } from './lists.ts';
import { atOnce, inTurns, told, type Way } from './turns.ts';
import { acceptedIds, type NewFile, uploadAll } from './work.ts';

const CLIENTS = 16;
/** As digital invoices with a logo have. */
const BYTES = 40_000;
/** As many files as the web UI sends with one request. */
const TOGETHER = 8;
/** One by one as well, for comparison: so many of the whole. */
const ALONE = 0.25;
/** So many of the whole go in requests that are sent twice at the same time, with the same key: not timed, as nobody counts the second ones. */
const TWICE = 0.12;
const PROVED = 50;

/** Different bytes each, one after the other of a handful of invoices: what fills them up is a comment, which no reader reads. */
async function makeFiles(count: number, prefix: string): Promise<NewFile[]> {
  const kinds = await Promise.all(
    Array.from({ length: TOGETHER }, (_one, index) => invoicePdf({ number: `${prefix}-${index}` })),
  );
  return Array.from({ length: count }, (_one, index) => {
    const kind = kinds[index % kinds.length]!;
    const filling = randomBytes(Math.ceil((BYTES - kind.length) / 2)).toString('hex');
    return { name: `${prefix}-${index}.pdf`, bytes: Buffer.concat([kind, Buffer.from(`\n%${filling}\n`)]) };
  });
}

const inGroups = (files: readonly NewFile[], size: number): NewFile[][] =>
  Array.from({ length: Math.ceil(files.length / size) }, (_one, index) =>
    files.slice(index * size, (index + 1) * size),
  );

interface Taken {
  readonly ids: Map<string, string>;
  readonly errors: string[];
}
type Send = Way<readonly NewFile[]>['work'];

async function uploader({ site, people }: Around, { ids, errors }: Taken): Promise<(times: number) => Send> {
  // An address each, and a handful of people: limits count both.
  const asks = Array.from({ length: CLIENTS }, (_one, index) => site.http({ from: `127.0.88.${index + 1}` }));
  const roles = ['reviewer', 'approver', 'admin', 'service'] as const;
  const uploaders = await Promise.all(roles.map((role) => people.of(role)));
  return (times) => async (files, client) => {
    try {
      const token = await uploaders[client % uploaders.length]!.token();
      const key = randomUUID();
      const once = () => uploadAll(asks[client]!, token, files, key);
      const [first = [], ...others] = (await Promise.all(Array.from({ length: times }, once))).map(acceptedIds);
      if (others.some((other) => other.join() !== first.join())) errors.push(`${files[0]?.name} became two invoices`);
      for (const [index, { name }] of files.entries()) ids.set(name, first[index] ?? '');
    } catch (error) {
      errors.push(`${files[0]?.name}: ${String(error)}`);
    }
  };
}

/** How many are not there as they were sent, and how many are there too often. */
async function look({ ask, people }: Around, files: readonly NewFile[], { ids }: Taken) {
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

const size = (group: readonly NewFile[]): number => group.length;

async function measure(around: Around, files: readonly NewFile[]): Promise<void> {
  const { site, report, say, short } = around;
  const taken: Taken = { ids: new Map(), errors: [] };
  const config = readS3Config(site.env);
  assert(config !== undefined, 'no S3');
  const s3 = createS3Client(config);
  const send = await uploader(around, taken);
  const toStore: Send = async ([file]) => {
    await s3.send(new PutObjectCommand({ Bucket: config.bucket, Key: `raw/${file!.name}`, Body: file!.bytes }));
  };
  const alone = Math.round(files.length * ALONE);
  const repeated = alone + Math.round(files.length * TWICE);
  const [ours, single, raw] = await inTurns(
    [
      { items: inGroups(files.slice(repeated), TOGETHER), size, work: send(1) },
      { items: inGroups(files.slice(0, alone), 1), size, work: send(1) },
      { items: inGroups(files, 1), size, work: toStore },
    ],
    CLIENTS,
  ).finally(() => s3.destroy());
  const half = (alone + repeated) / 2;
  const twice = [...inGroups(files.slice(alone, half), 1), ...inGroups(files.slice(half, repeated), TOGETHER)];
  await atOnce(twice, CLIENTS, send(2));
  for (const line of taken.errors.slice(0, 10)) say(`WRONG   ${line}`);
  const { lost, doubled } = await look(around, files, taken);
  report.figures.atMost('uploads-errors', taken.errors.length, 0);
  report.figures.atMost('uploads-lost', lost, 0);
  report.figures.atMost('uploads-doubled', doubled, 0);
  say(`uploads, ${TOGETHER} files a request: ${told(ours!)}`);
  say(`uploads, one file a request: ${told(single!)}`);
  say(`raw puts: ${told(raw!)}`);
  say(`one file a request: ${(single!.rate / raw!.rate).toFixed(3)} of raw puts`);
  const ratio = ours!.rate / raw!.rate;
  // The programs have hardly warmed up when the short form is through: a rate of it is told and not judged.
  if (short) say(`${TOGETHER} files a request: ${ratio.toFixed(3)} of raw puts`);
  else report.figures.atLeast('uploads-of-raw-puts', ratio, 0.5);
}

export async function uploads(around: Around): Promise<void> {
  const { site, report, short, seed } = around;
  const readers = site.replicas.filter(({ kind }) => kind !== 'api');
  await report.check('uploads by 16 clients through nginx, workers paused', async () => {
    await Promise.all(readers.map((one) => one.stop()));
    try {
      const files = await makeFiles(short ? 600 : 1_500, `UPLOAD${seed}`);
      await measure(around, files);
      return `${files.length} files of ${BYTES / 1_000} kB`;
    } finally {
      for (const one of readers) one.start();
      await site.ready();
    }
  });
}
