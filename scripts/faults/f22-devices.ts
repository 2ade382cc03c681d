/**
 * F22: a device is removed, copied, brought back from an older copy in the middle of its work; the store of bytes is away; a station comes back after so long that its
 * sign-in has ended, or as a version that the site takes nothing from any more. Work is refused or written again, never lost, and it is said.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CONTRACT_HEADER } from '../../core/contract/sync-http.ts';
import type { SyncView } from '../../core/contract/station-sync-http.ts';
import type { Random } from '../random.ts';
import { expectStatus } from '../site/http.ts';
import { until } from '../site/work.ts';
import { createDesks, type Desk, type Desks, EDITED, everywhere } from './desks.ts';
import type { Fault, FaultRun } from './fault.ts';
import { createPen, detailsOf } from './pens.ts';
import type { FaultSite } from './site.ts';
import { readSiteLog } from './site-log.ts';

const PATIENCE_MS = 60_000;
/** A station gathers saves, and sends them. */
const SENT_MS = 600;

export const fault: Fault = {
  id: 'F22',
  what: 'devices removed, copied, put back; the store of bytes away; a sign-in that ended; a version too old',
  unit: 'times each',
  short: 3,
  needsSite: true,
  bugs: { 'begun-anew': ['lost'] },
  run: faultDevices,
};

interface World {
  readonly site: FaultSite;
  readonly desks: Desks;
  readonly random: Random;
  readonly bug: string | undefined;
}

type Attention = SyncView['attention'][number];

async function said(desk: Desk, what: Attention): Promise<void> {
  await until(
    `the station to say ${what}`,
    PATIENCE_MS,
    async () => (await desk.view()).attention.includes(what) || undefined,
  );
}

/** An invoice that is at the site. */
async function begun({ desks }: World): Promise<{ desk: Desk; invoice: string }> {
  const desk = await desks.add();
  const invoice = await desk.takeIn();
  await desk.connect();
  await desk.inStep();
  return { desk, invoice };
}

async function saves(desk: Desk, invoice: string, times: number, { random }: World): Promise<void> {
  for (let n = 0; n < times; n += 1) await desk.save(invoice, random.pick(EDITED));
}

/** What a person does who is told that this station was removed. */
async function connectAgain(desk: Desk, { bug }: World): Promise<void> {
  if (bug === 'begun-anew') {
    // An empty database is the simplest way to a clean one.
    await desk.close();
    rmSync(desk.folder, { recursive: true });
    await desk.open();
  }
  await desk.connect();
  await desk.inStep();
}

async function revoked(world: World): Promise<Desk[]> {
  const { site, random } = world;
  const { desk, invoice } = await begun(world);
  const { deviceId } = desk.station().site.link.state() as { deviceId: string };
  const { token } = await site.people.of('admin');
  const working = saves(desk, invoice, 12, world);
  working.catch(() => undefined);
  await sleep(random.integer(0, 150));
  expectStatus(
    await site.ask(`/api/v1/devices/${deviceId}/revoke`, { token: await token(), json: {} }),
    200,
    'removed',
  );
  await working;
  await said(desk, 'revoked');
  await saves(desk, invoice, 2, world);
  await connectAgain(desk, world);
  return [desk];
}

/** Two databases of one device, each with work that the site has, and was not heard of, and with some that it has not seen. */
async function copied(world: World): Promise<Desk[]> {
  const { site, desks } = world;
  const { desk, invoice } = await begun(world);
  // In the middle of a push: what was sent has arrived, and the database does not know it.
  site.front.turn({ kind: 'lost-reply' });
  await saves(desk, invoice, 3, world);
  await sleep(SENT_MS);
  await saves(desk, invoice, 1, world);
  await desk.close();
  const folder = mkdtempSync(join(tmpdir(), 'ap-desk-'));
  cpSync(desk.folder, folder, { recursive: true });
  site.front.turn({ kind: 'fair' });
  await desk.open();
  const copy = await desks.add({ folder, who: await site.people.another('reviewer') });
  await said(copy, 'copied');
  await saves(copy, invoice, 3, world);
  await saves(desk, invoice, 3, world);
  await copy.connect();
  await Promise.all([desk.inStep(), copy.inStep()]);
  return [desk, copy];
}

/** An access token ends minutes after it was made. */
function accessEnded({ folder }: Desk): void {
  const path = join(folder, 'own', 'keys.json');
  const keys = JSON.parse(readFileSync(path, 'utf8')) as { items: Record<string, unknown> };
  delete keys.items['access-token'];
  writeFileSync(path, JSON.stringify(keys));
}

/** The whole folder as it was, keys and all, after the site had seen more. `isLater`: and after its sign-in was renewed. */
async function putBack(world: World, isLater: boolean): Promise<Desk[]> {
  const { site } = world;
  const { desk, invoice } = await begun(world);
  await desk.close();
  if (isLater) accessEnded(desk);
  const older = mkdtempSync(join(tmpdir(), 'ap-older-'));
  cpSync(desk.folder, older, { recursive: true });
  await desk.open();
  await saves(desk, invoice, 3, world);
  await desk.inStep();
  await desk.close();
  rmSync(desk.folder, { recursive: true });
  cpSync(older, desk.folder, { recursive: true });
  rmSync(older, { recursive: true });
  // What it hears of its own work before it writes anew, it simply takes back: here it hears nothing.
  site.front.turn({ kind: 'refused' });
  await desk.open();
  await saves(desk, invoice, 3, world);
  site.front.turn({ kind: 'fair' });
  // Its keys are older, too. While its access token is good, by that one the site sees what this database is; a sign-in by a token that is spent has ended.
  if (isLater) {
    await said(desk, 'signed-out');
    await desk.connect();
  }
  await said(desk, 'copied');
  await desk.connect();
  await desk.inStep();
  return [desk];
}

async function storeAway(world: World): Promise<Desk[]> {
  const { site, desks } = world;
  const { desk, invoice } = await begun(world);
  const other = await desks.add();
  await other.connect();
  await other.inStep();
  site.bytes.turn({ kind: 'refused' });
  const second = await desk.takeIn();
  await saves(desk, invoice, 2, world);
  await saves(desk, second, 2, world);
  // Operations go on; bytes wait, and it is said how many.
  await until('operations without bytes', PATIENCE_MS, async () => {
    const { waiting } = await desk.view();
    return (waiting.send === 0 && waiting.uploads > 0) || undefined;
  });
  await until('the other one to know', PATIENCE_MS, async () => other.log().length >= desk.log().length || undefined);
  site.bytes.turn({ kind: 'fair' });
  await Promise.all([desk.inStep(), other.inStep()]);
  await everywhere([other], [second]);
  return [desk];
}

/** What the site does with a sign-in that nobody used for 90 days. */
const FORGET = `DELETE FROM access_record WHERE grant_id = (SELECT grant_id FROM access_device WHERE id = $1)`;

async function longAway(world: World): Promise<Desk[]> {
  const { site } = world;
  const { desk, invoice } = await begun(world);
  const { deviceId } = desk.station().site.link.state() as { deviceId: string };
  site.front.turn({ kind: 'refused' });
  await saves(desk, invoice, 4, world);
  await desk.close();
  await site.running.stores.sql(FORGET, [deviceId]);
  accessEnded(desk);
  site.front.turn({ kind: 'fair' });
  await desk.open();
  await said(desk, 'signed-out');
  await connectAgain(desk, world);
  return [desk];
}

/** Taken from, never given to. */
async function tooOld({ site }: World): Promise<Desk[]> {
  const pen = await createPen(site);
  pen.device.setField(pen.device.id, 'too-old', []);
  const place = await pen.history();
  const headers = { [CONTRACT_HEADER]: '0', 'content-type': 'application/json' };
  const answer = await pen.ask('/ops', { json: pen.device.batch(place.epoch), headers });
  if (answer.status !== 426 || typeof detailsOf(answer)['floor'] !== 'number')
    throw new Error(`not told to update: ${answer.status} ${answer.text.slice(0, 200)}`);
  expectStatus(
    await pen.ask(`/ops?after=0&epoch=${place.epoch}&limit=10`, { headers: { [CONTRACT_HEADER]: '0' } }),
    200,
    'a page',
  );
  expectStatus(await pen.push(), 200, 'the same after the update');
  return [];
}

const CASES: Readonly<Record<string, (world: World) => Promise<Desk[]>>> = {
  revoked,
  copied,
  'put-back': (world) => putBack(world, false),
  'put-back-later': (world) => putBack(world, true),
  'store-away': storeAway,
  'long-away': longAway,
  'too-old': tooOld,
};

async function faultDevices({ count, random, figures, say, bug, site: open }: FaultRun): Promise<void> {
  const site = await open();
  const desks = createDesks(site, random);
  const world: World = { site, desks, random, bug };
  let [values, lost, refused, unsaid] = [0, 0, 0, 0];
  try {
    for (const [name, work] of Object.entries(CASES).slice(0, bug === undefined ? undefined : 1))
      for (let n = 0; n < (bug === undefined ? count : 1); n += 1) {
        const from = Date.now();
        const done = await work(world).catch((error: unknown) => {
          unsaid += 1;
          say(`WRONG   ${name}: ${String(error)}`);
          return [];
        });
        const { rows } = await readSiteLog(site);
        const there = new Map(rows.map(({ value, verdict }) => [value, verdict]));
        for (const value of done.flatMap(({ saved }) => [...saved])) {
          values += 1;
          if (!there.has(value)) lost += 1;
          else if (there.get(value) !== 'accepted') refused += 1;
        }
        for (const desk of done) await desk.close();
        say(`${name}: ${((Date.now() - from) / 1_000).toFixed(1)} s`);
      }
    const { problems } = await readSiteLog(site);
    figures.atLeast('f22.values', values, 1);
    figures.atMost('f22.lost', lost, 0);
    figures.atMost('f22.refused', refused, 0);
    figures.atMost('f22.not-said-or-not-mended', unsaid, 0);
    figures.atMost('f22.log-problems', problems.length, 0);
  } finally {
    for (const way of [site.front, site.bytes]) way.turn({ kind: 'fair' });
    await desks.close();
  }
}
