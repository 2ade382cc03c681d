/** F21: an invoice is erased, an old backup of the site is brought back, and three stations offer again what they hold, one of which never heard of the erasure. */
import { randomUUID } from 'node:crypto';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReadingRecorded } from '../../core/sync/op.ts';
import { contentJson } from '../../core/invoice/log.ts';
import type { OpenStore } from '../../server/open-store.ts';
import type { TestStation } from '../../server/enrol/testing-enrol.ts';
import { asSuper } from '../../server/store/testing-roles.ts';
import { createArchive } from '../archive/invoices.ts';
import { canariesIn, canariesInTables, copyTables, packedCanary } from './canaries.ts';
import { deskLog } from './desk-log.ts';
import type { Fault, FaultRun } from './fault.ts';
import {
  canOpen,
  correctAt,
  happens,
  invoiceAt,
  noPostgres,
  type Office,
  SITE,
  siteCommand,
  startOffice,
} from './office.ts';

const DESKS = 3;
const PATIENCE_MS = 60_000;
const LOOK_MS = 1_000;

export const fault: Fault = {
  id: 'F21',
  what: 'an invoice is erased, an old backup brought back, and three stations offer again',
  unit: 'erasures',
  short: 1,
  missing: noPostgres,
  bugs: {
    'a-re-offer-brings-content-back': ['places-in-the-end'],
    'a-station-does-not-erase': ['places-after-erasure', 'places-in-the-end'],
    'copies-stay': ['places-after-erasure', 'places-in-the-end'],
  },
  run: faultErase,
};

/** Planted: what stands between a station and its database. */
const PLANTED: Readonly<Record<string, (opened: OpenStore) => OpenStore>> = {
  'a-station-does-not-erase': (opened) => ({
    ...opened,
    sync: {
      ...opened.sync,
      takeIn: (page) =>
        opened.sync.takeIn({
          ...page,
          ops: page.ops.map((op) =>
            op.text.includes('"kind":"erase.confirmed"') ? { ...op, verdict: 'refused:planted' as const } : op,
          ),
        }),
    },
  }),
  'copies-stay': (opened) => ({ ...opened, care: { ...opened.care, scrub: async () => true } }),
};

/** Planted: whatever comes late of an erased invoice is kept. */
const KEEP_LATE = `CREATE OR REPLACE FUNCTION erase_now(asked text, told text[], named text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN RETURN; END $$`;

interface Scene {
  readonly office: Office;
  readonly run: FaultRun;
  readonly invoice: string;
  readonly document: string;
  readonly canaries: readonly string[];
  readonly blobs: readonly string[];
  /** What stations wrote down of what they did. */
  readonly logs: Readonly<Record<string, () => string>>;
}

async function admins({ serving: { people } }: Office): Promise<readonly [string, string]> {
  const tokens: string[] = [];
  for (const _ of [1, 2]) tokens.push((await people.signIn(await people.person('admin', SITE))).access);
  return [tokens[0] ?? '', tokens[1] ?? ''];
}

/** Asked by one, confirmed by the other; whether the first one was refused. */
async function erase({ office, invoice }: Scene): Promise<boolean> {
  const { people } = office.serving;
  const [one, two] = await admins(office);
  const erasure = randomUUID();
  const json = { erasure, ground: 'objection', reason: 'asked for in writing', forced: false };
  const asked = await people.request(`/api/v1/invoices/${invoice}/erasure`, one, { json });
  if (asked.status !== 200) throw new Error(`not asked for: ${await asked.text()}`);
  const confirm = (token: string): Promise<Response> =>
    people.request(`/api/v1/erasures/${erasure}/confirm`, token, { json: {} });
  const own = await confirm(one);
  const other = await confirm(two);
  if (other.status !== 200) throw new Error(`not confirmed: ${await other.text()}`);
  return own.status === 409;
}

const siteFolder = (office: Office): string => office.place.folder;

/** Everything that is left of it, by place. */
async function remains({ office, canaries, blobs, logs }: Scene, folders: readonly string[]): Promise<string[]> {
  const rows = await asSuper(office.database, (client) => canariesInTables(client, canaries));
  const logged = Object.entries({ site: () => office.logged(), ...logs })
    .filter(([, text]) => canaries.some((canary) => text().includes(canary)))
    .map(([whose]) => `log of ${whose}`);
  const files = [siteFolder(office), ...folders].flatMap((folder) => canariesIn(folder, canaries, blobs));
  return [...rows, ...logged, ...files];
}

async function settled({ office }: Scene, folders: readonly string[]): Promise<boolean> {
  const isSite = async (): Promise<boolean> => {
    const [row] = await asSuper(office.database, async (client) => {
      const { rows } = await client.query<{ n: number }>(
        "SELECT (SELECT count(*) FROM erased_blob WHERE state = 'waiting')::int + (SELECT count(*) FROM job WHERE state IN ('waiting', 'running'))::int AS n",
      );
      return rows;
    });
    return row?.n === 0;
  };
  return (await office.inStep(folders, PATIENCE_MS)) && (await happens(isSite, PATIENCE_MS));
}

async function prepare(run: FaultRun, office: Office, desks: readonly TestStation[]): Promise<Scene> {
  const archive = createArchive(run.random.integer(1, 1_000_000));
  const [first] = desks;
  if (first === undefined) throw new Error('no desk');
  const invoice = await invoiceAt(first, archive);
  // Another one, that stays.
  await invoiceAt(first, archive);
  for (const desk of desks)
    if (!(await happens(() => canOpen(desk, invoice)))) throw new Error('the invoice does not come to every desk');
  const value = `CANARY-${randomUUID()}`;
  await correctAt(first, invoice, 'contractRef', value);
  const { store } = first.station.context;
  const shown = await store.invoice(invoice);
  const ops = await store.opsOf(invoice);
  const readings = ops.flatMap((op) => ReadingRecorded.safeParse(contentJson(op)).data?.blob ?? []);
  const { sha256, name } = shown?.document ?? { sha256: '', name: '' };
  const number = shown?.header.invoiceNumber?.value ?? '';
  const logs = Object.fromEntries(desks.map(({ logged }, at) => [`station ${at + 1}`, logged]));
  const canaries = [value, name, number];
  return { office, run, invoice, document: sha256, canaries, blobs: [sha256, ...readings], logs };
}

/** As it lies in the databases of these stations now, deflated. */
const withPacked = (scene: Scene, folders: readonly string[]): Scene => ({
  ...scene,
  canaries: [...new Set([...scene.canaries, ...folders.map((folder) => packedCanary(folder, scene.invoice))])],
});

async function faultErase(run: FaultRun): Promise<void> {
  const { figures, say, bug } = run;
  const office = await startOffice();
  const began = performance.now();
  const seconds = (): number => Math.round((performance.now() - began) / 1_000);
  try {
    const folders = Array.from({ length: DESKS }, () => office.folder());
    const between = PLANTED[bug ?? ''];
    const open = (folder: string) => office.desk({ folder, ...(between === undefined ? {} : { between }) });
    const desks = await Promise.all(folders.map(open));
    for (const desk of desks) await office.connect(desk);
    const begun = await prepare(run, office, desks);
    await settled(begun, folders);
    const scene = withPacked(begun, folders);
    // Of each station a copy from before, as it makes one every four hours.
    for (const [at, desk] of desks.entries()) await backUp(desk, folders[at] ?? '');
    const before = await remains(scene, folders);
    const backup = await asSuper(office.database, copyTables);
    const blobs = join(siteFolder(office), 'data', 'site', 'blobs');
    const kept = office.folder();
    cpSync(blobs, kept, { recursive: true });

    // One that works offline, and hears of nothing.
    const [, , away] = desks;
    const [, , awayFolder = ''] = folders;
    if (away === undefined) throw new Error('no desk');
    await away.station.sync.close();
    const late = `LATE-${randomUUID()}`;
    await correctAt(away, scene.invoice, 'contractRef', late);
    await office.closeDesk(away);
    const all = withPacked({ ...scene, canaries: [...scene.canaries, late] }, [awayFolder]);

    say(`prepared after ${seconds()} s`);
    const refused = await erase(all);
    const near = folders.slice(0, 2);
    await settled(all, near);
    const stayed = await waitUntilGone(all, near);
    for (const place of stayed) say(`WRONG   before the backup: ${place}`);

    say(`erased everywhere after ${seconds()} s`);
    let back = 0;
    await office.whileStopped(async () => {
      await asSuper(office.database, (client) => backup.bringBack(client));
      rmSync(blobs, { recursive: true, force: true });
      cpSync(kept, blobs, { recursive: true });
      rmSync(kept, { recursive: true, force: true });
      if (bug === 'a-re-offer-brings-content-back') await asSuper(office.database, (client) => client.query(KEEP_LATE));
      back = (await remains(all, [])).length;
      say(await siteCommand(office, 'restored'));
    });
    const again = await open(awayFolder);
    for (const desk of [...desks.slice(0, 2), again]) await desk.station.sync.now();
    const inStep = await settled(all, folders);
    const places = await waitUntilGone({ ...all, logs: { ...all.logs, 'station 3 again': again.logged } }, folders);
    for (const place of places) say(`WRONG   ${place}`);
    say(
      `again after ${seconds()} s: ${before.length} places before, ${back} at the site with its backup, ${places.length} in the end`,
    );
    const audits = await problems(all, [...desks.slice(0, 2), again]);
    const others = deskLog(awayFolder).filter(({ hasContent }) => hasContent).length;
    figures.atLeast('f21.places-before', before.length, 10);
    figures.atLeast('f21.places-by-backup', back, 3);
    figures.atLeast('f21.own-confirmation-refused', Number(refused), 1);
    figures.atMost('f21.not-in-step', Number(!inStep), 0);
    figures.atMost('f21.places-after-erasure', stayed.length, 0);
    figures.atMost('f21.places-in-the-end', places.length, 0);
    figures.atMost('f21.audit-problems', audits, 0);
    figures.atLeast('f21.other-contents-kept', others, 5);
  } finally {
    await office.stop();
  }
}

const backUp = ({ station }: TestStation, folder: string): Promise<void> =>
  station.context.store.backup(join(folder, 'own', 'backups', 'station-20260101T000000Z.db'));

/** What is left when nothing is, or when it was waited for long enough. A look reads everything: it is not taken all the time. */
async function waitUntilGone(scene: Scene, folders: readonly string[]): Promise<string[]> {
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(LOOK_MS)) {
    const left = await remains(scene, folders);
    if (left.length === 0 || Date.now() > until) return left;
  }
}

async function problems({ office }: Scene, desks: readonly TestStation[]): Promise<number> {
  const { store } = await office.serving.site.stores.site(SITE);
  const reports = [await store.verifyAudit()];
  for (const { station } of desks) reports.push(await station.context.store.verifyAudit());
  return reports.reduce((sum, { problems: found }) => sum + found.length, 0);
}
