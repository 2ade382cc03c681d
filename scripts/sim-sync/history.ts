/** One history: a plan carried out, then everything made well again, then judged. */
import { eraseConfirmedOp, invoiceCreatedOp, readingRecordedOp } from '../../core/sync/drafts.ts';
import { newSession } from '../../core/sync/session.ts';
import { createRandom } from '../random.ts';
import type { Bug } from './bugs.ts';
import { type Problem, problemsOf } from './check.ts';
import { backup, type Backup, commitAtSite, createHub, type Hub, restore } from './hub.ts';
import { type Fault, LENGTH_MS, type Plan, type Planned } from './plan.ts';
import { createAgenda } from './queue.ts';
import { rebuild } from './replica.ts';
import { copyDisk, type Disk, factsOf, fromSnapshot, newDisk, upgrade } from './station.ts';
import { type Desk, look, mayEdit, ROOTS, type Wish } from './users.ts';
import {
  type Counters,
  crash,
  newId,
  reconnect,
  saveWish,
  START_MS,
  type Station,
  turn,
  type World,
  writeAgain,
} from './world.ts';

export interface Outcome {
  readonly problems: readonly Problem[];
  readonly counters: Counters;
}

interface Scene {
  readonly world: World;
  readonly backups: Backup[];
  readonly oldCopies: Map<Station, Disk>;
}

function addStation(world: World, disk: Disk): Station {
  const station: Station = {
    name: `s${world.stations.length}`,
    disk,
    session: newSession(),
    life: 0,
    alive: true,
    online: true,
    skewMs: 0,
    turns: 0,
    awaits: null,
    saved: new Set(),
  };
  world.stations.push(station);
  return station;
}

const connect = ({ hub }: World, { disk: { identity } }: Station): void => {
  hub.devices.set(identity.device, { key: identity.key, roles: ['reviewer'], revoked: false });
};

/** Two invoices, read at the site, or by the first station where it is not connected yet. */
function writeInvoices(scene: Scene): void {
  const { world } = scene;
  const by = () => ({ opId: newId(world), actor: 'service:read', salt: '' });
  const drafts = ROOTS.flatMap((root) => [
    invoiceCreatedOp(by(), root, { document: 'd' }),
    readingRecordedOp(by(), root, { document: 'd', engineVersion: '1', pages: 1 }),
  ]);
  commitAtSite(world.hub, drafts, START_MS, 0);
  scene.backups.push(backup(world.hub));
}

const deskOf = (world: World, station: Station): Desk => ({
  replica: station.disk.replica,
  epoch: station.disk.place?.epoch ?? null,
  actor: `user:${station.name}`,
  newId: () => newId(world),
});

const siteDesk = (world: World): Desk => ({
  replica: world.hub.replica,
  epoch: world.hub.epoch,
  actor: 'user:web',
  newId: () => newId(world),
});

const rootOf = (wish: Wish): string => wish.drafts(false)[0]?.root ?? '';

function doDeed({ world }: Scene, { what, a, b, c, ...event }: Planned): void {
  if (!('deed' in what)) return;
  const alive = world.stations.filter((station) => station.alive);
  const station = alive[event.station % Math.max(1, alive.length)];
  if (what.atSite || station === undefined) {
    // At the site looking and saving are told apart by the request only: the page names what was seen.
    const desk = siteDesk(world);
    const wish = look(desk, what.deed, { a, b, c });
    if (wish === undefined || (what.deed !== 'decide' && !mayEdit(desk, rootOf(wish)))) return;
    const drafts = wish.drafts(false);
    for (const draft of drafts) world.truth.seen.set(draft.op_id, wish.seen);
    world.counters.ops += drafts.length;
    commitAtSite(world.hub, drafts, START_MS + world.agenda.now(), world.agenda.now());
    return;
  }
  const desk = deskOf(world, station);
  const wish = look(desk, what.deed, { a, b, c });
  if (wish === undefined || (what.deed !== 'decide' && !mayEdit(desk, rootOf(wish)))) return;
  if (what.deed === 'decide') saveWish(world, station, wish);
  else saveLater(world, station, wish, Math.floor(a * 20_000));
}

/** A person takes a while; a crash or another device id makes what was not saved void. */
function saveLater(world: World, station: Station, wish: Wish, ms: number): void {
  const { life } = station;
  const { device } = station.disk.identity;
  world.agenda.at(world.agenda.now() + ms, () => {
    if (station.alive && station.life === life && station.disk.identity.device === device)
      saveWish(world, station, wish);
  });
}

const YEAR_MS = 365 * 24 * 3_600_000;

type Strike = (scene: Scene, event: Planned, station: Station) => void;

const FAULTS: { readonly [K in Fault]: Strike } = {
  backup: ({ world, backups }) => backups.push(backup(world.hub)),
  rollback({ world, backups }, event) {
    const from = backups[Math.floor(event.a * backups.length)];
    if (from === undefined) return;
    world.counters.rollbacks += 1;
    restore(world.hub, from, nextEpoch(world.hub));
    world.trace?.(`${world.agenda.now()} site back to ${from.log.length}, epoch ${world.hub.epoch}`);
  },
  crash: ({ world }, _event, station) => crash(world, station),
  destroy({ world }, _event, station) {
    if (world.stations.filter(({ alive }) => alive).length < 2) return;
    world.counters.destroyed += 1;
    station.alive = false;
    world.trace?.(`${world.agenda.now()} ${station.name} destroyed`);
  },
  join({ world }, event) {
    const version = event.b < 0.5 ? 1 : 2;
    const device = `d${world.stations.length}`;
    // A snapshot is made of a copy: the log has gone on since, to where a batch ended.
    let length = Math.floor(event.a * (world.hub.log.length + 1));
    while (length > 0 && !world.hub.replica.heads.has(world.hub.log[length - 1]?.hash ?? '')) length -= 1;
    const disk = event.c < 0.7 ? fromSnapshot(world.hub, device, version, length) : newDisk(device, version);
    const station = addStation(world, disk);
    connect(world, station);
    turn(world, station);
  },
  clone({ world }, event, station) {
    const twin = addStation(world, copyDisk(station.disk));
    // The key store tells the copy that it is one, unless that was copied along.
    if (event.a < 0.5) {
      writeAgain(world, twin.disk, `d${world.stations.length}`, START_MS);
      connect(world, twin);
    }
    turn(world, twin);
  },
  'old-copy'({ world, oldCopies }, _event, station) {
    const old = oldCopies.get(station);
    if (old === undefined) {
      oldCopies.set(station, copyDisk(station.disk));
      // Brought back some time later.
      const { life } = station;
      world.agenda.at(world.agenda.now() + 60_000, () => bringBack(world, station, oldCopies, life));
    }
  },
  skew: (_scene, event, station) => {
    station.skewMs = Math.floor((event.a * 90 - 10) * YEAR_MS * (event.b < 0.3 ? 0 : 1));
  },
  role({ world }, event, station) {
    const device = world.hub.devices.get(station.disk.identity.device);
    if (device !== undefined) device.roles = [event.a < 0.5 ? 'auditor' : 'approver'];
  },
  revoke({ world }, _event, station) {
    const device = world.hub.devices.get(station.disk.identity.device);
    if (device !== undefined) device.revoked = true;
  },
  upgrade: ({ world }, _event, station) => upgrade(station.disk, world.bug),
  'upgrade-site': ({ world }) => upgradeSite(world.hub),
  erase: ({ world }, event) => {
    const [erasure, opId] = [`e${newId(world)}`, newId(world)];
    const invoices = [event.a < 0.7 ? ROOTS[1] : ROOTS[0]];
    const confirmed = { invoices, documents: [], ground: 'objection' as const, forced: false, asked: opId };
    const by = { opId, actor: 'user:admin', salt: '' };
    commitAtSite(
      world.hub,
      [eraseConfirmedOp(by, erasure, confirmed, '')],
      START_MS + world.agenda.now(),
      world.agenda.now(),
    );
  },
  offline: (_scene, _event, station) => {
    station.online = false;
  },
  online: (_scene, _event, station) => {
    station.online = true;
  },
};

const nextEpoch = (hub: Hub): number => hub.epoch + 1_000;

function upgradeSite(hub: Hub): void {
  hub.replica.version = 2;
  rebuild(hub.replica, hub.bug);
}

/** The disk of some time ago, on a machine whose key store knows better: what was saved since is gone, with the person's knowledge. */
function bringBack(world: World, station: Station, copies: Map<Station, Disk>, life: number): void {
  const old = copies.get(station);
  copies.delete(station);
  if (old === undefined || !station.alive || station.life !== life) return;
  station.disk = old;
  station.saved = new Set([...station.saved].filter((id) => old.replica.rows.has(id)));
  crash(world, station);
  writeAgain(world, old, `${old.identity.device}.b${world.ids}`, START_MS);
  connect(world, station);
}

function createScene(plan: Plan, bug: Bug | null, trace: World['trace']): Scene {
  const random = createRandom(plan.seed ^ 0x5eed);
  const hub = createHub(createRandom(plan.seed ^ 0xabcd), bug);
  hub.refusals = plan.refusals;
  hub.largest = plan.largest;
  const world: World = {
    agenda: createAgenda(),
    random,
    bug,
    weather: { drop: plan.drop, twice: plan.twice, slowestMs: plan.slowestMs, crash: plan.crash, batch: plan.batch },
    truth: { seen: new Map(), reissued: new Map() },
    counters: { ops: 0, rollbacks: 0, destroyed: 0, crashes: 0, requests: 0, numbered: 0, refused: 0, conflicts: 0 },
    stations: [],
    hub,
    ids: 0,
    requests: 0,
    trace,
  };
  return { world, backups: [], oldCopies: new Map() };
}

const HEALING_MS = 4 * 3_600_000;

/** Nothing is lost any more, everybody is there, connected and of the newest version. */
function heal({ world }: Scene): boolean {
  const { agenda, weather, hub } = world;
  Object.assign(weather, { drop: 0, twice: 0, slowestMs: 20, crash: 0 });
  upgradeSite(hub);
  for (const station of world.stations) {
    if (!station.alive) continue;
    station.online = true;
    if (station.disk.replica.version === 1) upgrade(station.disk, world.bug);
    // A program that was started again.
    station.life += 1;
    station.awaits = null;
    reconnect(world, station);
  }
  const until = agenda.now() + HEALING_MS;
  let steps = 0;
  while (!isQuiet(world) && steps < 20_000 && agenda.step(until)) steps += 1;
  return isQuiet(world);
}

const isQuiet = ({ stations, hub, bug }: World): boolean =>
  stations.every((station) => {
    if (!station.alive) return true;
    const { cursor, epoch, unshown } = factsOf(station.disk, bug);
    return epoch === hub.epoch && cursor === hub.log.length && unshown === 0;
  });

export function runHistory(plan: Plan, bug: Bug | null = null, trace: World['trace'] = null): Outcome {
  const scene = createScene(plan, bug, trace);
  const { world } = scene;
  const { agenda } = world;
  writeInvoices(scene);
  for (let n = 0; n < plan.stations; n += 1) {
    const station = addStation(world, newDisk(`d${n}`, n % 2 === 0 ? 1 : 2));
    const start = (): void => {
      if (!station.alive) return;
      connect(world, station);
      turn(world, station);
    };
    agenda.at(plan.connected[n] === false ? LENGTH_MS / 3 : 0, start);
  }
  for (const event of plan.events) {
    agenda.at(event.at, () => {
      if ('deed' in event.what) return doDeed(scene, event);
      const alive = world.stations.filter((station) => station.alive);
      const station = alive[event.station % Math.max(1, alive.length)];
      trace?.(`${agenda.now()} ${station?.name} ${event.what.fault}`);
      return station === undefined ? undefined : FAULTS[event.what.fault](scene, event, station);
    });
  }
  while (agenda.step(LENGTH_MS));
  trace?.(`${agenda.now()} healing`);
  // What the site has or a desktop holds now must not get lost any more.
  const held = new Set(world.hub.replica.rows.keys());
  for (const { alive, disk } of world.stations) if (alive) for (const id of disk.replica.rows.keys()) held.add(id);
  const quiet = heal(scene);
  return { problems: problemsOf(world, held, quiet), counters: world.counters };
}
