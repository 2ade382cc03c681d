/**
 * F2: the real server is killed (-9) at random moments while it imports, reads and saves, and started again on the same data. A client does what a client does:
 * it sends again, with the same key or operation id, what was not acknowledged. In the end everything acknowledged must be there, once. The other half of the
 * kills strike a station that is connected to a site and works with it (killed-in-step.ts).
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import type { HistoryEntry } from '../../core/contract/http.ts';
import type { Invoice, InvoiceSummary } from '../../core/contract/invoice.ts';
import { ask, invoicePdf, upload } from '../../server/testing.ts';
import { runAudit } from '../audit-child.ts';
import type { Random } from '../random.ts';
import { createArchive } from '../archive/invoices.ts';
import { kill, type ServerChild, stop } from '../server-child.ts';
import { brokenBy } from './broken.ts';
import type { Fault, FaultRun } from './fault.ts';
import { killedInStep } from './killed-in-step.ts';
import { createLives, lifeOf, type Lives } from './lives.ts';
import { noPostgres, prepared } from './office.ts';
import { attempt, FIELDS, keepSaving, type Save, send } from './saver.ts';

interface Document {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly key: string;
  acknowledged: boolean;
}

interface Client {
  readonly documents: readonly Document[];
  readonly saves: Save[];
  readonly random: Random;
}

/** To be saved to from the first life on. */
const INVOICES = 4;
/** With this error planted: any kill shows it. */
const PLANTED_KILLS = 20;
const SETTLE_MS = 180_000;
/** One document in so many is a picture: the kill strikes while letters are recognised, too. */
const PICTURES = 8;

export const fault: Fault = {
  id: 'F2',
  what: 'the station is killed (-9) while it imports, reads, saves and syncs',
  unit: 'kills',
  short: 100,
  bugs: { 'told-before-commit': ['saves-lost'], 'shown-at-send': ['site-saves-lost', 'site-differences'] },
  run: faultKill,
};

async function faultKill(run: FaultRun): Promise<void> {
  const { count, say, bug } = run;
  const reason = noPostgres();
  if (reason !== undefined) {
    say(`SKIPPED  F2 with a site: ${reason}`);
    return killedAtWork({ ...run, kills: count });
  }
  const all = bug === 'told-before-commit' ? Math.min(count, PLANTED_KILLS) : count;
  const inStep = Math.ceil(all / 2);
  if (bug !== 'shown-at-send') await killedAtWork({ ...run, kills: Math.max(1, all - inStep) });
  if (bug !== 'told-before-commit') await killedInStep({ ...run, kills: inStep });
}

type Run = FaultRun & { readonly kills: number };

async function killAndAgain(lives: Lives, client: Client, { kills, random, say }: Run): Promise<void> {
  for (let n = 1; n <= kills; n += 1) {
    const child = await lives.begin();
    const life = lifeOf(child, random);
    const over = new AbortController();
    const work = Promise.all([keepUploading(child, client, over.signal, 3), keepSaving(child, client, over.signal)]);
    // Told where it is waited for.
    work.catch(() => undefined);
    await sleep(life);
    await kill(child);
    over.abort();
    await work;
    say(
      `kill ${n} of ${kills} after ${life} ms (started in ${Math.round(child.startMs)} ms): ${known(client.documents)} documents and ${known(client.saves)} saves acknowledged`,
    );
  }
}

async function killedAtWork(run: Run): Promise<void> {
  const { kills, random, figures, say, bug } = run;
  const data = await mkdtemp(join(tmpdir(), 'ap-faults-'));
  const client: Client = { documents: await makeDocuments(kills * 2, random), saves: [], random };
  const lives = createLives({ data, threads: 1, ...brokenBy(bug) });
  try {
    await prepared(data, createArchive(random.integer(1, 1_000)), INVOICES);
    await lives.first();
    await killAndAgain(lives, client, run);
    const child = await lives.begin();
    await uploadRest(child, client);
    // Those that are acknowledged only now were never at risk.
    const atRisk = known(client.saves);
    for (const save of client.saves) if (!save.acknowledged) await send(child, save);
    await settled(child);
    const found = await collect(child, client);
    await stop(child);
    const audit = await runAudit(data);
    const { lostSaves, repeatedSaves, lostDocuments, repeatedDocuments } = compare(client, found);
    say(`${client.documents.length} documents, ${client.saves.length} saves; ${audit.text.trim()}`);
    figures.atLeast('f2.saves-acknowledged', atRisk, kills);
    figures.atMost('f2.saves-lost', lostSaves, 0);
    figures.atMost('f2.saves-repeated', repeatedSaves, 0);
    figures.atMost('f2.documents-lost', lostDocuments, 0);
    figures.atMost('f2.documents-repeated', repeatedDocuments, 0);
    figures.atMost('f2.audit-problems', audit.ok ? 0 : 1, 0);
    figures.atMost('f2.slowest-start-seconds', lives.slowestStart(), 2);
  } finally {
    await lives.over();
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  }
}

const known = (list: readonly { acknowledged: boolean }[]): number => list.filter((one) => one.acknowledged).length;

/** Small: it is to be read within the life of a station. */
function picture(number: string): Promise<Uint8Array> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="260"><rect width="800" height="260" fill="#fff"/>
    <g font-family="DejaVu Sans, sans-serif" font-size="32"><text x="40" y="80">Invoice number ${number}</text>
    <text x="40" y="180">Total amount due 71.04</text></g></svg>`;
  return sharp(Buffer.from(svg)).flatten({ background: '#fff' }).png().toBuffer();
}

async function makeDocuments(count: number, random: Random): Promise<Document[]> {
  const documents: Document[] = [];
  for (let n = 1; n <= count; n += 1) {
    const number = `K-${n}-${random.integer(1000, 9999)}`;
    const pages = random.integer(1, 4);
    const isPicture = n % PICTURES === 1;
    const bytes = await (isPicture ? picture(number) : invoicePdf({ number, pages }));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    documents.push({
      name: `k${n}.${isPicture ? 'png' : 'pdf'}`,
      bytes,
      sha256,
      key: randomUUID(),
      acknowledged: false,
    });
  }
  return documents;
}

/** `most` a life, so that there is something to import until the last kill. */
async function keepUploading(
  child: ServerChild,
  { documents, random }: Client,
  signal: AbortSignal,
  most: number,
): Promise<void> {
  const open = documents.filter((document) => !document.acknowledged).slice(0, most);
  for (const document of open) {
    if (signal.aborted) return;
    await sleep(random.integer(0, 400));
    const reply = await attempt(signal, () => upload(child, [document], document.key));
    if (reply === undefined) return;
    if (reply.status !== 200) throw new Error(`upload answered ${reply.status}: ${reply.bytes.toString('utf8')}`);
    document.acknowledged = true;
  }
}

async function uploadRest(child: ServerChild, client: Client): Promise<void> {
  await keepUploading(child, client, new AbortController().signal, client.documents.length);
}

async function settled(child: ServerChild): Promise<void> {
  const until = Date.now() + SETTLE_MS;
  while (Date.now() < until) {
    const { counters } = (await ask(child, '/api/v1/status')).json<{
      counters: { jobsWaiting: number; jobsRunning: number };
    }>();
    if (counters.jobsWaiting + counters.jobsRunning === 0) return;
    await sleep(200);
  }
  throw new Error('the queue was never empty again');
}

export interface Found {
  /** Number of invoices by the document's sha256, of those that were read. */
  readonly documents: ReadonlyMap<string, number>;
  /** Number of operations by id. */
  readonly operations: ReadonlyMap<string, number>;
  /** `<invoice>/<field>` -> value as it stands. */
  readonly values: ReadonlyMap<string, string | null>;
}

async function collect(child: ServerChild, client: Client): Promise<Found> {
  const documents = new Map<string, number>();
  const operations = new Map<string, number>();
  const values = new Map<string, string | null>();
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = (await ask(child, `/api/v1/invoices?limit=500${query}`)).json<{
      items: InvoiceSummary[];
      next: string | null;
    }>();
    for (const item of page.items)
      if (item.status !== 'reading') documents.set(item.documentSha, (documents.get(item.documentSha) ?? 0) + 1);
    cursor = page.next;
  }
  for (const id of new Set(client.saves.map((save) => save.invoice))) {
    const invoice = (await ask(child, `/api/v1/invoices/${id}`)).json<Invoice>();
    for (const field of FIELDS) values.set(`${id}/${field}`, invoice.header[field]?.value ?? null);
    const { entries } = (await ask(child, `/api/v1/invoices/${id}/history`)).json<{ entries: HistoryEntry[] }>();
    for (const { op } of entries) operations.set(op, (operations.get(op) ?? 0) + 1);
  }
  return { documents, operations, values };
}

export interface Sent {
  readonly documents: readonly Pick<Document, 'sha256' | 'acknowledged'>[];
  readonly saves: readonly Pick<Save, 'invoice' | 'field' | 'value' | 'opId' | 'acknowledged'>[];
}

/** What was acknowledged against what is there. */
export function compare(sent: Sent, found: Found) {
  const acknowledged = sent.saves.filter((save) => save.acknowledged);
  const last = new Map(acknowledged.map((save) => [`${save.invoice}/${save.field}`, save.value]));
  const gone = acknowledged.filter((save) => !found.operations.has(save.opId)).length;
  // The last value of each cell stands there: an operation that is kept and has no effect is lost all the same.
  const wrong = [...last].filter(([cell, value]) => found.values.get(cell) !== value).length;
  const times = sent.documents.map(({ sha256 }) => found.documents.get(sha256) ?? 0);
  return {
    lostSaves: gone + wrong,
    repeatedSaves: [...found.operations.values()].filter((count) => count > 1).length,
    lostDocuments: times.filter((count) => count === 0).length,
    repeatedDocuments: times.filter((count) => count > 1).length,
  };
}
