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
/** Devices that meet with the same at the same time: what is waited for is waited for once. */
const LANES = 3;
/** Least that people save at a device while it meets with all of it. */
const VALUES = 10;

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

/** A device, and an invoice that is at the site. It goes from one trouble into the next, as devices do. */
interface Lane {
  readonly desk: Desk;
  readonly invoice: string;
}

type Attention = SyncView['attention'][number];

/** All at once; throws when all have ended. */
async function each<T>(lanes: readonly Lane[], work: (lane: Lane) => Promise<T>): Promise<T[]> {
  const ends = await Promise.allSettled(lanes.map(work));
  return ends.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
}

async function said(desk: Desk, what: Attention): Promise<void> {
  await until(
    `the station to say ${what}`,
    PATIENCE_MS,
    async () => (await desk.view()).attention.includes(what) || undefined,
  );
}

async function begun({ desks }: World): Promise<Lane> {
  const desk = await desks.add();
  const invoice = await desk.takeIn();
  await desk.connect();
  await desk.inStep();
  return { desk, invoice };
}

async function saves({ desk, invoice }: Lane, times: number, { random }: World): Promise<void> {
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

const deviceOf = (desk: Desk): string => (desk.station().site.link.state() as { deviceId: string }).deviceId;

/** The network is back, and somebody asks for it at once: that a station comes by itself is F5's. */
function back({ site }: World, lanes: readonly Lane[]): Promise<unknown> {
  site.front.turn({ kind: 'fair' });
  return each(lanes, ({ desk }) => desk.station().sync.now());
}

async function revoked(world: World, lanes: readonly Lane[]): Promise<Desk[]> {
  const { site, random } = world;
  const { token } = await site.people.of('admin');
  await each(lanes, async (lane) => {
    const { desk } = lane;
    const device = deviceOf(desk);
    const working = saves(lane, 12, world);
    working.catch(() => undefined);
    await sleep(random.integer(0, 150));
    const asked = { token: await token(), json: {} };
    expectStatus(await site.ask(`/api/v1/devices/${device}/revoke`, asked), 200, 'removed');
    await working;
    await said(desk, 'revoked');
    await saves(lane, 2, world);
    await connectAgain(desk, world);
  });
  return [];
}

/** Two databases of one device, each with work that the site has, and was not heard of, and with some that it has not seen. */
async function copied(world: World, lanes: readonly Lane[]): Promise<Desk[]> {
  const { site, desks } = world;
  // In the middle of a push: what was sent has arrived, and the database does not know it.
  site.front.turn({ kind: 'lost-reply' });
  const folders = await each(lanes, async (lane) => {
    await saves(lane, 3, world);
    await sleep(SENT_MS);
    await saves(lane, 1, world);
    await lane.desk.close();
    const folder = mkdtempSync(join(tmpdir(), 'ap-desk-'));
    cpSync(lane.desk.folder, folder, { recursive: true });
    return folder;
  });
  site.front.turn({ kind: 'fair' });
  return each(lanes, async (lane) => {
    const { desk, invoice } = lane;
    await desk.open();
    const folder = folders[lanes.indexOf(lane)] ?? '';
    const copy = await desks.add({ folder, who: await site.people.another('reviewer') });
    await said(copy, 'copied');
    await saves({ desk: copy, invoice }, 3, world);
    await saves(lane, 3, world);
    await copy.connect();
    await Promise.all([desk.inStep(), copy.inStep()]);
    return copy;
  });
}

/** An access token ends minutes after it was made. */
function accessEnded({ folder }: Desk): void {
  const path = join(folder, 'own', 'keys.json');
  const keys = JSON.parse(readFileSync(path, 'utf8')) as { items: Record<string, unknown> };
  delete keys.items['access-token'];
  writeFileSync(path, JSON.stringify(keys));
}

/** The whole folder as it was, keys and all, after the site had seen more. `isLater`: and after its sign-in was renewed. */
async function putBack(world: World, lanes: readonly Lane[], isLater: boolean): Promise<Desk[]> {
  const { site } = world;
  await each(lanes, async (lane) => {
    const { desk } = lane;
    await desk.close();
    if (isLater) accessEnded(desk);
    const older = mkdtempSync(join(tmpdir(), 'ap-older-'));
    cpSync(desk.folder, older, { recursive: true });
    await desk.open();
    await saves(lane, 3, world);
    await desk.inStep();
    await desk.close();
    rmSync(desk.folder, { recursive: true });
    cpSync(older, desk.folder, { recursive: true });
    rmSync(older, { recursive: true });
  });
  // What it hears of its own work before it writes anew, it simply takes back: here it hears nothing.
  site.front.turn({ kind: 'refused' });
  await each(lanes, async (lane) => {
    await lane.desk.open();
    await saves(lane, 3, world);
  });
  await back(world, lanes);
  await each(lanes, async ({ desk }) => {
    // Its keys are older, too. While its access token is good, by that one the site sees what this database is; a sign-in by a token that is spent has ended.
    if (isLater) {
      await said(desk, 'signed-out');
      await desk.connect();
    }
    await said(desk, 'copied');
    await desk.connect();
    await desk.inStep();
  });
  return [];
}

async function storeAway(world: World, lanes: readonly Lane[]): Promise<Desk[]> {
  const { site, desks } = world;
  const other = await desks.add();
  await other.connect();
  await other.inStep();
  site.bytes.turn({ kind: 'refused' });
  const seconds = await each(lanes, async (lane) => {
    const { desk } = lane;
    const invoice = await desk.takeIn();
    await saves(lane, 2, world);
    await saves({ desk, invoice }, 2, world);
    return invoice;
  });
  await each(lanes, async ({ desk }) => {
    // Operations go on; bytes wait, and it is said how many.
    await until('operations without bytes', PATIENCE_MS, async () => {
      const { waiting } = await desk.view();
      return (waiting.send === 0 && waiting.uploads > 0) || undefined;
    });
    await until('the other one to know', PATIENCE_MS, async () => {
      const known = new Set(other.log().map(({ op }) => op));
      return desk.log().every(({ op }) => known.has(op)) || undefined;
    });
  });
  site.bytes.turn({ kind: 'fair' });
  await each(lanes, ({ desk }) => desk.inStep());
  await other.inStep();
  await everywhere([other], seconds);
  return [other];
}

/** What the site does with a sign-in that nobody used for 90 days. */
const FORGET = `DELETE FROM access_record WHERE grant_id = (SELECT grant_id FROM access_device WHERE id = $1)`;

async function longAway(world: World, lanes: readonly Lane[]): Promise<Desk[]> {
  const { site } = world;
  site.front.turn({ kind: 'refused' });
  await each(lanes, async (lane) => {
    const device = deviceOf(lane.desk);
    await saves(lane, 4, world);
    await lane.desk.close();
    await site.running.stores.sql(FORGET, [device]);
    accessEnded(lane.desk);
  });
  site.front.turn({ kind: 'fair' });
  await each(lanes, async ({ desk }) => {
    await desk.open();
    await said(desk, 'signed-out');
    await connectAgain(desk, world);
  });
  return [];
}

/** Taken from, never given to. */
async function tooOld({ site }: World, lanes: readonly Lane[]): Promise<Desk[]> {
  const headers = { [CONTRACT_HEADER]: '0' };
  await each(lanes, async () => {
    const pen = await createPen(site);
    pen.device.setField(pen.device.id, 'too-old', []);
    const { epoch } = await pen.history();
    const sent = { json: pen.device.batch(epoch), headers: { ...headers, 'content-type': 'application/json' } };
    const answer = await pen.ask('/ops', sent);
    if (answer.status !== 426 || typeof detailsOf(answer)['floor'] !== 'number')
      throw new Error(`not told to update: ${answer.status} ${answer.text.slice(0, 200)}`);
    expectStatus(await pen.ask(`/ops?after=0&epoch=${epoch}&limit=10`, { headers }), 200, 'a page');
    expectStatus(await pen.push(), 200, 'the same after the update');
  });
  return [];
}

/** Desks that came beside those of the lanes. */
const CASES: Readonly<Record<string, (world: World, lanes: readonly Lane[]) => Promise<Desk[]>>> = {
  revoked,
  copied,
  'put-back': (world, lanes) => putBack(world, lanes, false),
  'put-back-later': (world, lanes) => putBack(world, lanes, true),
  'store-away': storeAway,
  'long-away': longAway,
  'too-old': tooOld,
};

interface Found {
  readonly values: Set<string>;
  readonly lost: Set<string>;
  readonly refused: Set<string>;
}

/** What the site has of everything that was ever saved at these. */
async function compare(site: FaultSite, desks: readonly Desk[], found: Found): Promise<void> {
  const { rows } = await readSiteLog(site);
  const there = new Map(rows.map(({ value, verdict }) => [value, verdict]));
  for (const value of desks.flatMap(({ saved }) => [...saved])) {
    found.values.add(value);
    if (!there.has(value)) found.lost.add(value);
    else if (there.get(value) !== 'accepted') found.refused.add(value);
  }
}

async function faultDevices({ count, random, figures, say, bug, site: open }: FaultRun): Promise<void> {
  const site = await open();
  const desks = createDesks(site, random);
  const world: World = { site, desks, random, bug };
  const found: Found = { values: new Set(), lost: new Set(), refused: new Set() };
  const times = bug === undefined ? count : 1;
  const fair = (): void => {
    for (const way of [site.front, site.bytes]) way.turn({ kind: 'fair' });
  };
  let unsaid = 0;
  let lanes: readonly Lane[] = [];
  try {
    for (const [name, work] of Object.entries(CASES).slice(0, bug === undefined ? undefined : 1))
      for (let left = times; left > 0; left -= LANES) {
        const from = Date.now();
        const wanted = Math.min(left, LANES);
        try {
          const lacking = Array.from({ length: Math.max(0, wanted - lanes.length) }, () => begun(world));
          lanes = [...lanes, ...(await Promise.all(lacking))];
          const at = lanes.slice(0, wanted);
          const beside = await work(world, at);
          await compare(site, [...at.map(({ desk }) => desk), ...beside], found);
          for (const desk of beside) await desk.close();
        } catch (error) {
          unsaid += 1;
          say(`WRONG   ${name}: ${String(error)}`);
          fair();
          for (const { desk } of lanes) await desk.close();
          lanes = [];
        }
        say(`${name}, ${wanted} times: ${((Date.now() - from) / 1_000).toFixed(1)} s`);
      }
    const { problems } = await readSiteLog(site);
    for (const line of problems.slice(0, 5)) say(`WRONG   ${line}`);
    figures.atLeast('f22.values', found.values.size, times * VALUES);
    figures.atMost('f22.lost', found.lost.size, 0);
    figures.atMost('f22.refused', found.refused.size, 0);
    figures.atMost('f22.not-said-or-not-mended', unsaid, 0);
    figures.atMost('f22.log-problems', problems.length, 0);
  } finally {
    fair();
    await desks.close();
  }
}
