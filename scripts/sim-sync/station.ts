/** A station: its database, and the shell of its transactions round the pure judgements of core/sync. Each function here is one transaction. */
import type { PageEnd, PulledOp, PushBatch, SignedHead } from '../../core/contract/sync-http.ts';
import { inOfferOrder, nextOffer, type OfferRow } from '../../core/sync/offer.ts';
import type { OpDraft } from '../../core/sync/op.ts';
import { displacedBy, forkIn, judgePage, type LogPlace, startOf, type TakenOp } from '../../core/sync/pull.ts';
import { reissue } from '../../core/sync/reissue.ts';
import type { Facts, Happened } from '../../core/sync/session.ts';
import { readOp } from '../../core/sync/arrived.ts';
import type { Bug } from './bugs.ts';
import { type Hub, type PushOutcome, signedHead } from './hub.ts';
import {
  advance,
  clockOf,
  copyReplica,
  type Identity,
  isDeferred,
  newIdentity,
  newReplica,
  rebuild,
  type Replica,
  type Row,
  seal,
  sha256,
  takeIn,
} from './replica.ts';

/** What is on the disk: all of it survives a crash, nothing else does. */
export interface Disk {
  replica: Replica;
  identity: Identity;
  place: LogPlace | null;
  /** What it believes the site has of its own (planted error only). */
  readonly believed: Set<string>;
}

export const newDisk = (device: string, version: 1 | 2): Disk => ({
  replica: newReplica(version),
  identity: newIdentity(device),
  place: null,
  believed: new Set(),
});

export const copyDisk = (disk: Disk): Disk => ({
  replica: copyReplica(disk.replica),
  identity: { ...disk.identity },
  place: disk.place,
  believed: new Set(disk.believed),
});

const isShown = (disk: Disk, row: Row): boolean => row.place !== null && row.place.epoch === disk.place?.epoch;

const bytesOf = (row: Row): number => row.text.length + (row.content?.value?.length ?? 0) + 200;

interface Offered extends OfferRow {
  readonly row: Row;
}

/** Operations that the site's history of today has not shown. */
function unshown(disk: Disk, bug: Bug | null): Row[] {
  const rows: Row[] = [];
  for (const row of disk.replica.rows.values()) {
    if (isShown(disk, row) || disk.believed.has(row.body.op_id)) continue;
    if (bug === 'own-only-re-offered' && row.body.device !== disk.identity.device) continue;
    rows.push(row);
  }
  return rows;
}

function inOrder(rows: readonly Row[], bug: Bug | null): Offered[] {
  const offered = rows.map((row) => {
    const { body, hash, place } = row;
    return { device: body.device, devSeq: body.dev_seq, hash, bytes: bytesOf(row), place, row };
  });
  if (bug === 'new-work-first')
    return offered.toSorted((a, b) => Number(a.place !== null) - Number(b.place !== null) || inOfferOrder(a, b));
  return offered.toSorted(inOfferOrder);
}

export function factsOf(disk: Disk, bug: Bug | null): Facts {
  return {
    epoch: disk.place?.epoch ?? null,
    cursor: disk.place?.cursor ?? 0,
    unshown: unshown(disk, bug).length,
    blobs: 0,
  };
}

/** One transaction: operation, heads, number. */
export function save(disk: Disk, drafts: readonly OpDraft[], clockMs: number, bug: Bug | null): void {
  for (const draft of drafts) {
    const op = seal(disk.identity, draft, clockMs);
    advance(disk.identity, op);
    takeIn(disk.replica, op, { verdict: 'accepted', place: null }, bug);
  }
}

export function enter(disk: Disk, epoch: number): void {
  disk.place = startOf(epoch);
}

export function goBack(disk: Disk, devSeq: number): void {
  for (const row of disk.replica.rows.values())
    if (row.body.device === disk.identity.device && row.body.dev_seq >= devSeq) row.place = null;
}

export type NextBatch =
  | { readonly kind: 'batch'; readonly batch: PushBatch; readonly own: boolean; readonly ids: readonly string[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'unproved'; readonly device: string };

export function nextBatch(
  disk: Disk,
  limits: { ops: number; bytes: number },
  { except, waived }: { except: readonly string[]; waived: readonly string[] },
  bug: Bug | null,
): NextBatch {
  const rows = unshown(disk, bug).filter((row) => !except.includes(row.body.device));
  const offer = nextOffer(inOrder(rows, bug), disk.replica.heads, disk.identity.device, limits);
  if (offer.kind === 'none' || offer.kind === 'unproved') return offer;
  const ops = offer.rows.map(({ row }) => row);
  const [first] = ops;
  const last = ops.at(-1);
  if (first === undefined || last === undefined || disk.place === null) return { kind: 'none' };
  const own = offer.kind === 'own';
  if (bug === 'cut-anywhere' && ops.length > 1 && !own) ops.pop();
  const head: SignedHead = own ? signedHead(disk.identity, last) : offer.head;
  const key = own ? undefined : disk.replica.heads.get(last.hash)?.public_key;
  const batch: PushBatch = {
    device: first.body.device,
    epoch: disk.place.epoch,
    first_dev_seq: first.body.dev_seq,
    ops: ops.map(({ text, content, erased }) => ({
      body: text,
      content,
      ...(content === null && erased !== undefined ? { erased } : {}),
    })),
    head,
    ...(waived.length === 0 || bug === 'never-waived' ? {} : { waived: [...waived] }),
    ...(key === undefined ? {} : { public_key: key }),
  };
  const ids = ops.map((row) => row.body.op_id);
  if (bug === 'shown-at-send') for (const id of ids) disk.believed.add(id);
  return { kind: 'batch', batch, own, ids };
}

/** The answer to a batch: numbers and verdicts that the site gave. The signed head is kept: under another device id it is what proves these operations. */
export function takeResults(
  disk: Disk,
  sent: PushBatch,
  outcome: Extract<PushOutcome, { kind: 'ok' }>,
  bug: Bug | null,
): void {
  if (disk.place?.epoch !== outcome.epoch) return;
  for (const { op_id: id, seq, verdict } of outcome.results) {
    const row = disk.replica.rows.get(id);
    if (row !== undefined) takeIn(disk.replica, row, { verdict, place: { epoch: outcome.epoch, seq } }, bug);
  }
  if (sent.device === disk.identity.device)
    disk.replica.heads.set(sent.head.hash, { ...sent.head, public_key: disk.identity.key });
}

export interface Page {
  readonly ops: readonly PulledOp[];
  readonly end: PageEnd;
}

/** Planted: what is taken of a page without looking whether anything is missing. */
function takenBlindly(page: Page, place: LogPlace): { ops: TakenOp[]; place: LogPlace } {
  const ops = page.ops.flatMap((line) => {
    const arrival = readOp(line, sha256);
    return arrival.kind === 'op' ? [{ ...arrival.op, seq: line.seq, verdict: line.verdict }] : [];
  });
  return {
    ops,
    place: { ...place, cursor: Math.max(place.cursor, ops.at(-1)?.seq ?? 0), siteHash: page.end.site_hash },
  };
}

const FUTURE_MS = 5 * 60_000;

export interface PullTools {
  readonly clockMs: number;
  readonly newId: () => string;
  readonly bug: Bug | null;
}

export interface Pulling {
  readonly happened: Happened;
  /** Transactions, one after the other: one in truth, two where an error is planted. */
  readonly commits: readonly (() => void)[];
  /** Operations written again under the station's device: old id -> new id. */
  readonly renamed: ReadonlyMap<string, string>;
}

const nothing = (happened: Happened): Pulling => ({ happened, commits: [], renamed: new Map() });

export function takePage(disk: Disk, page: Page, tools: PullTools): Pulling {
  const { bug } = tools;
  if (disk.place === null) return nothing({ kind: 'no-answer' });
  const judged =
    bug === 'plain-sequence' && page.end.epoch === disk.place.epoch
      ? { kind: 'ok' as const, ...takenBlindly(page, disk.place) }
      : judgePage(disk.place, page, sha256);
  if (judged.kind === 'epoch') return nothing({ kind: 'epoch', epoch: judged.epoch });
  if (judged.kind !== 'ok') return nothing({ kind: 'page', problem: judged.kind });
  const numbers = new Map<string, string>();
  const rows = judged.ops.length === 0 ? [] : disk.replica.rows.values();
  for (const { body, hash } of rows) numbers.set(`${body.device} ${body.dev_seq}`, hash);
  const held = (device: string, devSeq: number): string | undefined => numbers.get(`${device} ${devSeq}`);
  const { device } = disk.identity;
  if (forkIn(judged.ops, device, (devSeq) => held(device, devSeq)) !== undefined)
    return nothing({ kind: 'page', problem: 'forked' });
  const { epoch } = judged.place;
  const lost = bug === 'displaced-stay' ? [] : displacedRows(disk, displacedBy(judged.ops, held));
  const newIds = new Map(lost.map((row) => [row.body.op_id, tools.newId()]));
  const takePlace = (): void => {
    disk.place = judged.place;
  };
  const takeOps = (): void => {
    if (lost.length > 0) writeAgain(disk, lost, newIds, tools);
    for (const op of judged.ops) {
      if (bug === 'newer-kinds-dropped' && isDeferred(disk.replica, op)) continue;
      if (bug === 'future-dropped' && clockOf(op) > tools.clockMs + FUTURE_MS) continue;
      takeIn(disk.replica, op, { verdict: op.verdict, place: { epoch, seq: op.seq } }, bug);
    }
    if (bug !== 'heads-not-kept') for (const head of page.end.heads) disk.replica.heads.set(head.hash, head);
  };
  const both = (): void => {
    takeOps();
    takePlace();
  };
  const happened: Happened = { kind: 'pulled', head: page.end.head, taken: judged.ops.length };
  return { happened, commits: bug === 'cursor-before-page' ? [takePlace, takeOps] : [both], renamed: newIds };
}

const byNumber = (a: Row, b: Row): number =>
  a.body.device === b.body.device ? a.body.dev_seq - b.body.dev_seq : a.body.device < b.body.device ? -1 : 1;

const displacedRows = (disk: Disk, first: ReadonlyMap<string, number>): Row[] =>
  first.size === 0
    ? []
    : [...disk.replica.rows.values()]
        .filter(({ body }) => body.dev_seq >= (first.get(body.device) ?? Infinity))
        .toSorted(byNumber);

/** Rows leave the log and are written once more under the station's device. */
function writeAgain(disk: Disk, rows: readonly Row[], newIds: ReadonlyMap<string, string>, tools: PullTools): void {
  const drafts = reissue(rows, newIds);
  for (const row of rows) disk.replica.rows.delete(row.body.op_id);
  rebuild(disk.replica, tools.bug);
  const kept = drafts.map((draft, at) =>
    tools.bug === 'reissue-keeps-parents' ? { ...draft, parents: rows[at]?.body.parents ?? [] } : draft,
  );
  save(disk, kept, tools.clockMs, tools.bug);
}

/** One transaction: another device id, and what no history of the site has numbered is written again under it. Returns new ids by old ones. */
export function takeIdentity(disk: Disk, device: string, tools: PullTools): Map<string, string> {
  const old = disk.identity;
  const mine = [...disk.replica.rows.values()]
    .filter((row) => row.body.device === old.device && row.place === null)
    .toSorted(byNumber);
  const newIds = new Map(mine.map((row) => [row.body.op_id, tools.newId()]));
  disk.identity = { ...newIdentity(device), hlc: old.hlc };
  writeAgain(disk, mine, newIds, tools);
  return newIds;
}

/** First sync: the site's database as it was at some number. */
export function fromSnapshot(hub: Hub, device: string, version: 1 | 2, length: number): Disk {
  const disk = newDisk(device, version);
  for (const row of hub.log.slice(0, length))
    takeIn(disk.replica, row, { verdict: row.verdict, place: row.place === null ? null : { ...row.place } }, null);
  for (const row of hub.log.slice(0, length)) {
    const head = hub.replica.heads.get(row.hash);
    if (head !== undefined) disk.replica.heads.set(row.hash, head);
  }
  const cursor = hub.bug === 'snapshot-at-head' ? hub.log.length : length;
  disk.place = { epoch: hub.epoch, cursor, siteHash: hub.hashes[cursor - 1] ?? startOf(0).siteHash };
  return disk;
}

export function upgrade(disk: Disk, bug: Bug | null): void {
  disk.replica.version = 2;
  if (bug !== 'deferred-for-ever') rebuild(disk.replica);
}
