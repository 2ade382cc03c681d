/** F14: bytes on their way are cut off, altered, exchanged, and sent to addresses whose time is over. They arrive all the same, and nothing wrong is ever taken for right. */
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { syncApi } from '../../core/contract/sync-http.ts';
import { documentAddedOp } from '../../core/sync/drafts.ts';
import { createS3Client } from '../../server/blobs/s3-client.ts';
import { readS3Config } from '../../server/blobs/s3-config.ts';
import { createS3Storage, type S3Storage } from '../../server/blobs/s3.ts';
import { workspaceFolder } from '../../server/folders.ts';
import type { Random } from '../random.ts';
import { atOnce } from '../site/turns.ts';
import { SITES } from '../site/site.ts';
import { until } from '../site/work.ts';
import { createDesks, type Desk } from './desks.ts';
import type { Fault, FaultRun } from './fault.ts';
import { createPen, type Pen } from './pens.ts';
import type { FaultSite } from './site.ts';

const SIZE = [40_000, 120_000] as const;
/** Of a document that a station fetches, and what a connection carries of it before it is cut. */
const LARGE = 1_500_000;
const CARRIED = 260_000;
const DOCUMENTS = 4;
const PATIENCE_MS = 60_000;
const EXPIRES_S = 1;

export const fault: Fault = {
  id: 'F14',
  what: 'bytes on their way cut off, altered, exchanged, too late',
  unit: 'transfers',
  short: 100,
  needsSite: true,
  bugs: { 'straight-to-its-place': ['wrong-taken-for-right'], 'nothing-kept': ['documents-missing'] },
  run: faultBlobs,
};

interface File {
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly size: number;
  readonly md5: string;
}

const fileOf = (bytes: Buffer): File => ({
  bytes,
  sha256: createHash('sha256').update(bytes).digest('hex'),
  size: bytes.length,
  md5: createHash('md5').update(bytes).digest('base64'),
});

/** `undefined`: no answer, or one that is no offer. */
async function offer(pen: Pen, { sha256, size, md5 }: File) {
  const answer = await pen.ask('/blobs/offers', { json: { blobs: [{ sha256, size, md5 }] } }).catch(() => undefined);
  if (answer?.status !== 200) return undefined;
  return syncApi.offerBlobs.reply.parse(answer.json()).blobs[0];
}

async function complete(pen: Pen, { sha256, size }: File): Promise<string> {
  const answer = await pen.ask(`/blobs/${sha256}/complete`, { json: { size } }).catch(() => undefined);
  return answer?.status === 200 ? syncApi.completeBlob.reply.parse(answer.json()).state : 'no answer';
}

async function put(url: string, headers: Readonly<Record<string, string>>, body: Buffer): Promise<boolean> {
  const { 'content-length': _length, ...rest } = headers;
  return fetch(url, { method: 'PUT', headers: rest, body: new Uint8Array(body), signal: AbortSignal.timeout(10_000) })
    .then(async (answer) => {
      await answer.arrayBuffer();
      return answer.ok;
    })
    .catch(() => false);
}

interface World {
  readonly site: FaultSite;
  readonly pen: Pen;
  readonly storage: S3Storage;
  readonly random: Random;
  readonly bug: string | undefined;
}

/** What comes instead of the bytes: whether the store took it. */
type Wrong = (world: World, file: File, url: string, headers: Readonly<Record<string, string>>) => Promise<boolean>;

const WRONGS: Readonly<Record<string, Wrong>> = {
  async cut({ site, random }, file, url, headers) {
    site.bytes.turn({ kind: 'cut', side: 'up', bytes: random.integer(500, file.size) });
    return put(url, headers, file.bytes).finally(() => site.bytes.turn({ kind: 'fair' }));
  },
  async flipped({ site, random }, file, url, headers) {
    site.bytes.turn({ kind: 'flipped', bytes: random.integer(4_000, file.size) });
    return put(url, headers, file.bytes).finally(() => site.bytes.turn({ kind: 'fair' }));
  },
  exchanged: (_world, file, url, headers) => put(url, headers, randomBytes(file.size)),
  shortened: (_world, file, url, headers) => put(url, headers, file.bytes.subarray(0, file.size - 1)),
  'answer lost': async ({ site }, file, url, headers) => {
    site.bytes.turn({ kind: 'lost-reply' });
    return put(url, headers, file.bytes).finally(() => site.bytes.turn({ kind: 'fair' }));
  },
};

interface Tally {
  wrongVerified: number;
  notRight: number;
  readonly by: Map<string, number>;
}

async function isRightAt(pen: Pen, { sha256, bytes }: File): Promise<boolean> {
  const answer = await pen.ask(`/blobs/${sha256}`);
  return answer.status === 200 && answer.bytes.equals(bytes);
}

/** Wrong once, then as it should be. */
async function wrongThenRight(world: World, kind: string, tally: Tally): Promise<void> {
  const { pen, random, bug } = world;
  const file = fileOf(randomBytes(random.integer(...SIZE)));
  tally.by.set(kind, (tally.by.get(kind) ?? 0) + 1);
  const offered = await offer(pen, file);
  if (offered?.kind !== 'put') throw new Error(`no address: ${JSON.stringify(offered)}`);
  if (bug === 'straight-to-its-place') await placed(world, file);
  else await WRONGS[kind]!(world, file, offered.url, offered.headers);
  const isSent = kind === 'answer lost';
  const state = await complete(pen, file);
  // Whatever it says: nobody gets anything else under this name.
  const isWrong = state === 'verified' && !(await isRightAt(pen, file));
  if (isWrong || (state === 'verified' && !isSent)) tally.wrongVerified += 1;
  const again = await offer(pen, file);
  if (again?.kind === 'put') await put(again.url, again.headers, file.bytes);
  if ((await complete(pen, file)) !== 'verified' || !(await isRightAt(pen, file))) tally.notRight += 1;
}

/** A store into which whoever has an address writes what he likes, under the name it will have. */
async function placed({ site }: World, { sha256, size }: File): Promise<void> {
  const config = configOf(site);
  const client = createS3Client(config);
  const Key = `${SITES[0]}/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`;
  await client.send(new PutObjectCommand({ Bucket: config.bucket, Key, Body: randomBytes(size) }));
  client.destroy();
}

function configOf({ running }: FaultSite) {
  const config = readS3Config({ ...running.stores.s3 });
  if (config === undefined) throw new Error('there is no store');
  return config;
}

/** Addresses whose time is over when something is put there. */
async function late(world: World, count: number, tally: Tally): Promise<void> {
  const { pen, storage } = world;
  const { uploads } = storage.site(SITES[0]);
  const work = Array.from({ length: count }, () => fileOf(randomBytes(SIZE[0])));
  const addresses = await Promise.all(work.map(async (file) => uploads.presignPut(file, EXPIRES_S, randomUUID())));
  await sleep(EXPIRES_S * 1_000 + 700);
  for (const [at, file] of work.entries()) {
    const { url, headers } = addresses[at]!;
    if (await put(url, headers, file.bytes)) tally.wrongVerified += 1;
    if ((await complete(pen, file)) === 'verified') tally.wrongVerified += 1;
    const again = await offer(pen, file);
    if (again?.kind === 'put') await put(again.url, again.headers, file.bytes);
    if ((await complete(pen, file)) !== 'verified') tally.notRight += 1;
  }
  tally.by.set('too late', count);
}

async function addDocument(desk: Desk, bytes: Buffer): Promise<string> {
  const { context } = desk.station();
  const { sha256, size } = await context.blobs.put(bytes);
  const info = { name: 'large.pdf', mime: 'application/pdf', size };
  const author = { opId: context.newId(), actor: context.actor, salt: randomBytes(32).toString('hex') };
  const op = documentAddedOp(author, sha256, { ...info, channel: 'folder' });
  const outcome = await context.commit({ ops: [op], documents: [{ sha256, ...info }] });
  if (outcome.kind !== 'ok') throw new Error(`not added: ${outcome.kind}`);
  return sha256;
}

/** Documents from one desk to another, over connections that carry a part of one each. Seconds; those that did not arrive. */
async function large({ site, random, bug }: World): Promise<{ missing: number; cuts: number; seconds: number }> {
  const desks = createDesks(site, random);
  try {
    const [one, two] = [await desks.add(), await desks.add()];
    await one.connect();
    const names: string[] = [];
    for (let n = 0; n < DOCUMENTS; n += 1) names.push(await addDocument(one, randomBytes(LARGE)));
    await one.inStep();
    const partial = join(workspaceFolder(two.folder, 'own'), 'blobs', 'partial');
    const forgetting = setInterval(() => {
      if (bug !== 'nothing-kept') return;
      try {
        for (const name of readdirSync(partial)) rmSync(join(partial, name), { force: true });
      } catch {
        // Nothing has come yet.
      }
    }, 5);
    const [from, before] = [Date.now(), site.front.broken()];
    await two.connect();
    site.front.turn({ kind: 'cut', side: 'down', bytes: CARRIED });
    const { blobs } = two.station().context;
    const missing = async (): Promise<string[]> => {
      const there = await Promise.all(names.map((name) => blobs.has(name)));
      return names.filter((_name, at) => there[at] === undefined);
    };
    await until('the documents', PATIENCE_MS, async () => (await missing()).length === 0 || undefined).catch(
      () => undefined,
    );
    clearInterval(forgetting);
    const lacking = await missing();
    const cuts = site.front.broken() - before;
    site.front.turn({ kind: 'fair' });
    for (const name of names.filter((each) => !lacking.includes(each)))
      if (!(await blobs.verify(name))) throw new Error(`${name} is not what it should be`);
    return { missing: lacking.length, cuts, seconds: (Date.now() - from) / 1_000 };
  } finally {
    site.front.turn({ kind: 'fair' });
    await desks.close();
  }
}

async function faultBlobs({ count, random, figures, say, bug, site: open }: FaultRun): Promise<void> {
  const site = await open();
  const folder = mkdtempSync(join(tmpdir(), 'ap-faults-s3-'));
  const storage = await createS3Storage({ config: configOf(site), folder });
  try {
    const world: World = { site, pen: await createPen(site), storage, random, bug };
    const tally: Tally = { wrongVerified: 0, notRight: 0, by: new Map() };
    const kinds = Object.keys(WRONGS);
    const lates = Math.ceil(count / 10);
    if (bug !== 'nothing-kept') {
      const wishes = Array.from({ length: bug === undefined ? count - lates : 3 }, (_, n) => kinds[n % kinds.length]!);
      // The weather is everybody's: one after the other.
      await atOnce(wishes, 1, (kind) => wrongThenRight(world, kind, tally));
      if (bug === undefined) await late(world, lates, tally);
    }
    const carried = bug === 'straight-to-its-place' ? { missing: 0, cuts: 0, seconds: 0 } : await large(world);
    say(
      `${[...tally.by].map(([kind, n]) => `${n} ${kind}`).join(', ')}; ${DOCUMENTS} documents of ${LARGE} bytes over connections that carry ${CARRIED}: ${carried.cuts} cuts, ${carried.seconds.toFixed(1)} s`,
    );
    if (bug !== 'straight-to-its-place') figures.atLeast('f14.cuts', carried.cuts, DOCUMENTS);
    figures.atMost('f14.wrong-taken-for-right', tally.wrongVerified, 0);
    figures.atMost('f14.right-not-taken', tally.notRight, 0);
    figures.atMost('f14.documents-missing', carried.missing, 0);
  } finally {
    site.bytes.turn({ kind: 'fair' });
    storage.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
