/** Stations, site and the network between them: who sends what when, what gets lost, and what each remembers of it. */
import type { PushBatch } from '../../core/contract/sync-http.ts';
import { after, type Happened, newSession, nextStep, type Session, type Step } from '../../core/sync/session.ts';
import type { Random } from '../random.ts';
import type { Bug } from './bugs.ts';
import { type Hub, pull, type PullOutcome, push, type PushOutcome } from './hub.ts';
import type { Agenda } from './queue.ts';
import { type Disk, enter, factsOf, goBack, nextBatch, save, takeIdentity, takePage, takeResults } from './station.ts';
import type { Seen, Wish } from './users.ts';

export const START_MS = Date.UTC(2026, 0, 1);

export interface Station {
  readonly name: string;
  disk: Disk;
  session: Session;
  /** Of its process: what an earlier one sent or awaited is nothing to this one. */
  life: number;
  alive: boolean;
  online: boolean;
  skewMs: number;
  /** Counts its turns: what an earlier one scheduled is void. */
  turns: number;
  /** The request it waits for. */
  awaits: number | null;
  /** Operations of which a person was told that they are saved. */
  saved: Set<string>;
}

export interface Weather {
  drop: number;
  twice: number;
  slowestMs: number;
  /** After each transaction. */
  crash: number;
  batch: number;
}

export interface Truth {
  readonly seen: Map<string, Seen>;
  /** Operations written again under a new device: old id -> new ids. */
  readonly reissued: Map<string, string[]>;
}

export interface Counters {
  ops: number;
  rollbacks: number;
  destroyed: number;
  crashes: number;
  requests: number;
  /** Operations that the site numbered in the end, those it refused, and conflicts left to people. */
  numbered: number;
  refused: number;
  conflicts: number;
}

export interface World {
  readonly agenda: Agenda;
  readonly random: Random;
  readonly bug: Bug | null;
  readonly weather: Weather;
  readonly truth: Truth;
  readonly counters: Counters;
  readonly stations: Station[];
  hub: Hub;
  ids: number;
  requests: number;
  trace: ((line: string) => void) | null;
}

export const newId = (world: World): string => {
  world.ids += 1;
  return `op${world.ids}`;
};

const note = (world: World, station: Station, line: () => string): void => {
  world.trace?.(`${world.agenda.now()} ${station.name} ${line()}`);
};

export const clockOf = (world: World, station: Station): number => START_MS + world.agenda.now() + station.skewMs;

/** A moment later, where nothing came in between. */
function later(world: World, station: Station, ms: number, run: () => void): void {
  const { life, turns } = station;
  world.agenda.at(world.agenda.now() + ms, () => {
    if (station.alive && station.life === life && station.turns === turns) run();
  });
}

export function crash(world: World, station: Station): void {
  world.counters.crashes += 1;
  station.life += 1;
  station.session = newSession();
  station.awaits = null;
  note(world, station, () => 'crashes');
  later(world, station, world.random.integer(100, 5_000), () => turn(world, station));
}

/** Transactions one after the other; false where the process ended in between or after. */
export function commit(world: World, station: Station, transactions: readonly (() => void)[]): boolean {
  for (const transaction of transactions) {
    transaction();
    if (world.random.next() < world.weather.crash) {
      crash(world, station);
      return false;
    }
  }
  return true;
}

/** What its author saw of an operation holds for the one that is written in its place. */
function follow({ truth: { seen, reissued } }: World, renamed: ReadonlyMap<string, string>): void {
  for (const [before, now] of renamed) {
    const old = seen.get(before);
    if (old !== undefined) seen.set(now, { ...old, heads: old.heads.map((id) => renamed.get(id) ?? id) });
    reissued.set(before, [...(reissued.get(before) ?? []), now]);
  }
}

/** Another device id for a database that was copied or brought back. */
export function writeAgain(world: World, disk: Disk, device: string, clockMs: number): void {
  follow(world, takeIdentity(disk, device, { clockMs, newId: () => newId(world), bug: world.bug }));
}

/** A person opens the station and connects it to the site again: as itself where the site lets it, else as a new device. */
export function reconnect(world: World, station: Station): void {
  const { disk, session } = station;
  const { hub } = world;
  const known = hub.devices.get(disk.identity.device);
  if (session.stopped === 'forked' || known?.revoked === true) {
    world.ids += 1;
    const device = `${disk.identity.device.split('.')[0] ?? ''}.${world.ids}`;
    writeAgain(world, disk, device, clockOf(world, station));
    note(world, station, () => `is now ${device}`);
  }
  if (!hub.devices.has(disk.identity.device))
    hub.devices.set(disk.identity.device, { key: disk.identity.key, roles: ['reviewer'], revoked: false });
  station.session = newSession();
  station.awaits = null;
  turn(world, station);
}

function happened(world: World, station: Station, what: Happened): void {
  note(world, station, () => `-> ${JSON.stringify(what)}`);
  station.session = after(station.session, what, world.random.next());
  turn(world, station);
}

/** What the station does next. */
export function turn(world: World, station: Station): void {
  if (!station.alive || station.awaits !== null) return;
  station.turns += 1;
  const step = nextStep(station.session, factsOf(station.disk, world.bug));
  note(world, station, () => JSON.stringify(step));
  STEPS[step.do](world, station, step as never);
}

type StepOf<K extends Step['do']> = Extract<Step, { do: K }>;
type Steps = { readonly [K in Step['do']]: (world: World, station: Station, step: StepOf<K>) => void };

const TIMEOUT_MS = 60_000;

/** Sends a request. It may arrive late, twice, or not at all; so may its answer. */
function send<R>(world: World, station: Station, serve: (hub: Hub) => R, heard: (reply: R) => void, waitMs = 0): void {
  const { agenda, random, weather } = world;
  world.requests += 1;
  world.counters.requests += 1;
  const request = world.requests;
  station.awaits = request;
  const { life } = station;
  const waits = (): boolean => station.alive && station.life === life && station.awaits === request;
  const isLost = (): boolean => !station.online || random.next() < weather.drop;
  const travel = (run: () => void): void => {
    if (!isLost()) agenda.at(agenda.now() + random.integer(1, weather.slowestMs), run);
  };
  const arrive = (): void => {
    const reply = serve(world.hub);
    travel(() => {
      if (!waits()) return;
      station.awaits = null;
      heard(reply);
    });
  };
  travel(arrive);
  if (random.next() < weather.twice) agenda.at(agenda.now() + random.integer(1, 4 * weather.slowestMs), arrive);
  agenda.at(agenda.now() + TIMEOUT_MS + waitMs, () => {
    if (!waits()) return;
    station.awaits = null;
    happened(world, station, { kind: 'no-answer' });
  });
}

const credentials = (station: Station) => ({ device: station.disk.identity.device, key: station.disk.identity.key });

function heardPush(world: World, station: Station, batch: PushBatch, outcome: PushOutcome): void {
  if (outcome.kind === 'answer') {
    const own = batch.device === station.disk.identity.device;
    const offered = { device: batch.device, own, ops: batch.ops.length };
    const unheld = outcome.missing?.filter((id) => !station.disk.replica.rows.has(id));
    happened(world, station, { kind: 'refused', answer: { ...outcome, offered, unheld } });
    return;
  }
  const saved = commit(world, station, [() => takeResults(station.disk, batch, outcome, world.bug)]);
  if (saved) happened(world, station, { kind: 'pushed', head: outcome.head, epoch: outcome.epoch });
}

function heardPage(world: World, station: Station, outcome: PullOutcome): void {
  if (outcome.kind === 'answer') {
    const isEpoch = outcome.reason === 'epoch';
    happened(world, station, isEpoch ? { kind: 'epoch', epoch: 0 } : { kind: 'refused', answer: outcome });
    return;
  }
  const tools = { clockMs: clockOf(world, station), newId: () => newId(world), bug: world.bug };
  const { happened: what, commits, renamed } = takePage(station.disk, outcome, tools);
  follow(world, renamed);
  if (commit(world, station, commits)) happened(world, station, what);
}

const STEPS: Steps = {
  head: (world, station) =>
    send(
      world,
      station,
      (hub) => ({ epoch: hub.epoch, seq: hub.log.length }),
      ({ epoch, seq }) =>
        happened(world, station, { kind: 'head', epoch, seq, known: station.disk.place?.epoch ?? null }),
    ),
  enter: (world, station, { epoch }) => {
    if (commit(world, station, [() => enter(station.disk, epoch)])) happened(world, station, { kind: 'entered' });
  },
  'go-back': (world, station, { devSeq }) => {
    if (commit(world, station, [() => goBack(station.disk, devSeq)])) happened(world, station, { kind: 'went-back' });
  },
  offer: (world, station, { limit, except, waived }) => {
    const limits = { ops: Math.min(limit, world.weather.batch), bytes: 64 * 1024 };
    const next = nextBatch(station.disk, limits, { except, waived }, world.bug);
    if (next.kind === 'unproved') return happened(world, station, next);
    if (next.kind === 'none') return happened(world, station, { kind: 'nothing-to-offer' });
    const from = credentials(station);
    return send(
      world,
      station,
      (hub) => push(hub, from, next.batch, world.agenda.now()),
      (outcome) => heardPush(world, station, next.batch, outcome),
    );
  },
  pull: (world, station, { waitSeconds }) => {
    const { place } = station.disk;
    if (place === null) return;
    const from = credentials(station);
    const ask = (hub: Hub): PullOutcome => pull(hub, from, place.cursor, place.epoch, world.agenda.now());
    // A long poll with nothing to tell: it is asked when its time is over.
    const waits = waitSeconds > 0 && world.hub.log.length <= place.cursor;
    if (waits && world.hub.epoch === place.epoch)
      later(world, station, 1_000 * waitSeconds, () =>
        send(world, station, ask, (page) => heardPage(world, station, page)),
      );
    else send(world, station, ask, (page) => heardPage(world, station, page));
  },
  blobs: (world, station) => happened(world, station, { kind: 'blobs' }),
  wait: (world, station, { ms }) => later(world, station, ms, () => happened(world, station, { kind: 'waited' })),
  stop: (world, station, { why }) => {
    // A broken chain waits for an operator; for the others a person sits in front of it.
    if (why !== 'broken') later(world, station, world.random.integer(5_000, 60_000), () => reconnect(world, station));
  },
};

/** Saves what a person wished, and tells them so afterwards. */
export function saveWish(world: World, station: Station, wish: Wish): void {
  const { disk } = station;
  const drafts = wish.drafts(world.bug === 'parents-at-save');
  if (world.bug === 'told-before-commit') {
    for (const draft of drafts) {
      station.saved.add(draft.op_id);
      world.truth.seen.set(draft.op_id, wish.seen);
    }
    if (!commit(world, station, [() => undefined])) return;
  }
  for (const draft of drafts) world.truth.seen.set(draft.op_id, wish.seen);
  world.counters.ops += drafts.length;
  const transaction = (): void => save(disk, drafts, clockOf(world, station), world.bug);
  const apart = (): void => {
    disk.identity.devSeq += 1;
  };
  const undo = (): void => {
    disk.identity.devSeq -= 1;
    transaction();
  };
  if (commit(world, station, world.bug === 'number-apart' ? [apart, undo] : [transaction])) {
    for (const draft of drafts) station.saved.add(draft.op_id);
    note(world, station, () => `saved ${drafts.map((draft) => `${draft.op_id} ${draft.kind}`).join(', ')}`);
    if (station.session.waitMs === 0) turn(world, station);
  }
}
