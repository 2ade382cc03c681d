/**
 * An office, for the faults of stations: a real site with a Postgres of its own in this process, real stations beside it, and a way between them whose weather
 * can be made. It needs no server but the Postgres that comes from npm.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DestinationStream } from 'pino';
import { Correction } from '../../core/contract/http.ts';
import type { Invoice } from '../../core/contract/invoice.ts';
import { freePort } from '../../server/access/testing-site.ts';
import { migrateAccess } from '../../server/access/store/postgres.ts';
import type { Person } from '../../server/access/testing-people.ts';
import { runCli } from '../../server/cli.ts';
import { enrol, openTestStation, type TestStation } from '../../server/enrol/testing-enrol.ts';
import type { OpenStore } from '../../server/open-store.ts';
import { type SitePlace, sitePlace, startServing, type TestServing } from '../../server/site/testing.ts';
import { findPostgres, startCluster } from '../../server/store/testing-cluster.ts';
import { asSuper, createTestDatabase, prepareCluster, type TestDatabase } from '../../server/store/testing-roles.ts';
import { correctionOf } from '../../server/testing-client.ts';
import type { Archive } from '../archive/invoices.ts';
import { takeIn } from '../archive/take-in.ts';
import { deskPlace } from './desk-log.ts';
import { type Network, startNetwork } from './network.ts';
import { readLog, type SiteLog } from './site-log.ts';

export const SITE = 'main';

export const noPostgres = (): string | undefined =>
  findPostgres() === undefined ? 'there is no Postgres on this machine: neither from npm nor of the system' : undefined;

export interface DeskOptions {
  /** A data folder that is there; one of its own otherwise. */
  readonly folder?: string;
  readonly now?: () => number;
  readonly between?: (opened: OpenStore) => OpenStore;
  readonly logTo?: DestinationStream;
}

export interface Office {
  readonly origin: string;
  /** Of now: another one after `whileStopped`. */
  readonly serving: TestServing;
  /** Its folder has the site's documents in it. */
  readonly place: SitePlace;
  readonly database: TestDatabase;
  /** Between every station and the site. */
  readonly front: Network;
  /** A data folder that goes with the office. */
  folder(): string;
  /** Opened and at work, not connected. */
  desk(options?: DeskOptions): Promise<TestStation>;
  connect(desk: TestStation, who?: Person): Promise<void>;
  closeDesk(desk: TestStation): Promise<void>;
  log(): Promise<SiteLog>;
  /** Everything that the site's servers wrote down of what they did. */
  logged(): string;
  /** What is done while no server runs. */
  whileStopped(work: () => Promise<void>): Promise<void>;
  /** False where these data folders are not in step with the site within so long. */
  inStep(folders: readonly string[], patienceMs?: number): Promise<boolean>;
  stop(): Promise<void>;
}

/** `native`: a Postgres of the system, where its own programs are needed. */
export async function startOffice(native?: string): Promise<Office> {
  const stopping: (() => Promise<unknown> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stopping.splice(0).toReversed()) await one();
  };
  try {
    const cluster = await startCluster(native === undefined ? {} : { native });
    stopping.push(() => cluster.stop());
    await prepareCluster(cluster.url);
    const database = await createTestDatabase(cluster.url);
    stopping.push(() => database.drop());
    await migrateAccess(database.ownerUrl);
    const behind = await freePort();
    const front = await startNetwork({ host: '127.0.0.1', port: behind });
    stopping.push(() => front.close());
    const origin = `http://127.0.0.1:${front.port}`;
    const place = await sitePlace({
      DATABASE_URL: database.url,
      SITES: SITE,
      PUBLIC_URL: origin,
      AP_PORT: String(behind),
    });
    stopping.push(() => place.cleanUp());
    const serving = await startServing(place.config(undefined));
    return createOffice({ database, front, origin, serving, place, stopping, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Parts extends Pick<Office, 'database' | 'front' | 'origin' | 'serving' | 'place' | 'stop'> {
  readonly stopping: (() => Promise<unknown> | void)[];
}

function createOffice({ database, front, origin, serving: first, place, stopping, stop }: Parts): Office {
  let serving = first;
  let before = '';
  stopping.push(() => serving.close());
  const desks = new Set<TestStation>();
  stopping.push(() => Promise.all([...desks].map((desk) => desk.close())));
  const sql = (statement: string, values: readonly unknown[] = []): Promise<string[][]> =>
    asSuper(database, async (client) => {
      const { rows } = await client.query<unknown[]>({ text: statement, values: [...values], rowMode: 'array' });
      return rows.map((row) => row.map(String));
    });
  const folder = (): string => {
    const made = mkdtempSync(join(tmpdir(), 'ap-desk-'));
    stopping.unshift(() => rmSync(made, { recursive: true, force: true, maxRetries: 5 }));
    return made;
  };
  const head = async (): Promise<number> =>
    Number((await sql('SELECT coalesce(max(seq), 0) FROM op_log WHERE site = $1', [SITE]))[0]?.[0]);
  return {
    origin,
    get serving() {
      return serving;
    },
    place,
    database,
    front,
    folder,
    async desk(options = {}) {
      const made = await openTestStation({ ...options, folder: options.folder ?? folder() });
      desks.add(made);
      await made.station.start({ watch: false });
      return made;
    },
    async connect(desk, who) {
      const person = who ?? (await serving.people.person('reviewer', SITE));
      const { step, ...more } = await enrol(desk, serving.people, person, { address: origin });
      if (step !== 'done') throw new Error(`not connected: ${step} ${JSON.stringify(more)}`);
    },
    async closeDesk(desk) {
      desks.delete(desk);
      await desk.close();
    },
    log: () => readLog(sql, SITE),
    logged: () => before + serving.logged(),
    async whileStopped(work) {
      await serving.close();
      before += serving.logged();
      await work();
      serving = await startServing(place.config(undefined));
    },
    async inStep(folders, patienceMs = 60_000) {
      for (const until = Date.now() + patienceMs; Date.now() < until; await sleep(100)) {
        const cursors = new Set<number>();
        // Whoever is not there yet is asked first and alone: what is looked at costs those time who are to come in step.
        const isQuiet = folders.every((one) => {
          const { cursor, unnumbered, jobs } = deskPlace(one);
          return cursors.add(cursor).size === 1 && unnumbered + jobs === 0;
        });
        if (isQuiet && cursors.has(await head())) return true;
      }
      return false;
    },
    stop,
  };
}

/** `ap-intake site ...` as an operator types it; what it said. */
export async function siteCommand({ database }: Pick<Office, 'database'>, ...args: string[]): Promise<string> {
  let said = '';
  const code = await runCli(['site', ...args], {
    env: { DATABASE_URL: database.url },
    cwd: '/',
    out: (text) => void (said += text),
    say: (line) => void (said += `${line}\n`),
    signal: new AbortController().signal,
  });
  if (code !== 0) throw new Error(`site ${args.join(' ')}: ${code} ${said}`);
  return said.trim();
}

/** A data folder with invoices that can be opened, before its station is a process of its own: reading documents takes longer than such a process lives. */
export async function prepared(folder: string, archive: Archive, invoices: number): Promise<void> {
  const desk = await openTestStation({ folder });
  try {
    await desk.station.start({ watch: false });
    for (let n = 0; n < invoices; n += 1) {
      const id = await invoiceAt(desk, archive);
      if (!(await happens(() => canOpen(desk, id)))) throw new Error('an invoice is never shown');
    }
  } finally {
    await desk.close();
  }
}

/** An invoice that was taken in and read at this desk. */
export const invoiceAt = ({ station }: Pick<TestStation, 'station'>, archive: Archive): Promise<string> =>
  takeIn(station.context, archive);

export type HeaderField = keyof Invoice['header'];

/** The id of the operation that was acknowledged. The invoice is one that can be opened here: its reading has come. */
export async function correctAt(
  { station: { context } }: Pick<TestStation, 'station'>,
  id: string,
  field: HeaderField,
  value: string,
): Promise<string> {
  const invoice = await context.model.invoice(id);
  const opId = context.newId();
  await context.review.correct(id, [Correction.parse({ ...correctionOf(invoice, field, value), opId })]);
  return opId;
}

/** Whether the invoice can be opened here: its reading has come. */
export const canOpen = ({ station: { context } }: TestStation, id: string, patienceMs = 30_000): Promise<boolean> =>
  happens(async () => {
    const invoice = await context.store.invoice(id);
    return invoice !== undefined && invoice.reading !== null;
  }, patienceMs);

/** False where it never happens. */
export async function happens(look: () => Promise<boolean> | boolean, patienceMs = 30_000): Promise<boolean> {
  for (const until = Date.now() + patienceMs; Date.now() < until; await sleep(50)) if (await look()) return true;
  return false;
}
