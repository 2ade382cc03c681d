/**
 * What a station offers next: its own new operations, and after the site went back to an older copy of itself every operation, its own and others', that the
 * site's history of today has not shown it.
 *
 * [Note: Offered in the order of the old log] A transition holds for the invoice its author saw. Offered in the order in which the site had them, operations come to
 * the verdicts they had; so do those that two stations offer at once, since each offers nothing before the site holds what came before it. Of two older
 * histories the newer one comes first: it began as a copy of the other. New work comes last, after everything it may name as parent.
 */
import type { SignedHead } from '../contract/sync-http.ts';

/** An operation that the site's history of today has not shown: its number in an older history, null for one that no history has. */
export interface OfferRow {
  readonly device: string;
  readonly devSeq: number;
  readonly hash: string;
  /** Of body and content as sent. */
  readonly bytes: number;
  readonly place: { readonly epoch: number; readonly seq: number } | null;
}

/** Compares by the order of the note. */
export function inOfferOrder(a: OfferRow, b: OfferRow): number {
  if (a.place !== null && b.place !== null) return b.place.epoch - a.place.epoch || a.place.seq - b.place.seq;
  if (a.place !== null || b.place !== null) return a.place === null ? 1 : -1;
  return a.devSeq - b.devSeq;
}

/** `role`: by which the site judged what it covers, where it has told. */
export type ProvedHead = SignedHead & { readonly role?: string | undefined };

export interface OfferLimits {
  readonly ops: number;
  readonly bytes: number;
}

export type Offer<R extends OfferRow = OfferRow> =
  | { readonly kind: 'none' }
  /** The station signs the last of them. */
  | { readonly kind: 'own'; readonly rows: readonly R[] }
  | { readonly kind: 'relay'; readonly rows: readonly R[]; readonly head: ProvedHead }
  /** No signed head ends these: another station has to offer them. Ask again without the device. */
  | { readonly kind: 'unproved'; readonly device: string };

/** Rows of one device, number after number, within the limits; one at least. */
function runOf<R extends OfferRow>(rows: readonly R[], limits: OfferLimits): R[] {
  const run: R[] = [];
  let bytes = 0;
  for (const row of rows) {
    const before = run.at(-1);
    const fits = before === undefined || (run.length < limits.ops && bytes + row.bytes <= limits.bytes);
    const follows = before === undefined || (row.device === before.device && row.devSeq === before.devSeq + 1);
    if (!fits || !follows) break;
    run.push(row);
    bytes += row.bytes;
  }
  return run;
}

/** One role a batch: where it ends so that nothing in it was judged by another one. */
function ofOneRole(rows: readonly OfferRow[], heads: ReadonlyMap<string, ProvedHead>, end: number): number {
  const signed = rows.slice(0, end + 1).flatMap((row, at) => {
    const head = heads.get(row.hash);
    return head === undefined ? [] : [{ at, role: head.role }];
  });
  const other = signed.findIndex(({ role }) => role !== signed[0]?.role);
  return other === -1 ? end : (signed[other - 1]?.at ?? end);
}

/** `rows` in the order of offers, from the first on; `heads` by the hash of the operation they sign. */
export function nextOffer<R extends OfferRow>(
  rows: readonly R[],
  heads: ReadonlyMap<string, ProvedHead>,
  self: string,
  limits: OfferLimits,
): Offer<R> {
  const [first] = rows;
  if (first === undefined) return { kind: 'none' };
  const run = runOf(rows, limits);
  if (first.device === self) return { kind: 'own', rows: run };
  // Others' operations end where their device signed; a limit that was lowered must not come before the first such place.
  const provable = [...run.keys()].findLast((at) => heads.has(run[at]?.hash ?? ''));
  const whole = provable === undefined ? runOf(rows, { ops: Infinity, bytes: Infinity }) : run;
  const end = ofOneRole(whole, heads, provable ?? whole.findIndex((row) => heads.has(row.hash)));
  const head = heads.get(whole[end]?.hash ?? '');
  return head === undefined
    ? { kind: 'unproved', device: first.device }
    : { kind: 'relay', rows: whole.slice(0, end + 1), head };
}

/** What the site needs of a page's operations to choose its heads. */
export interface PageRow {
  readonly device: string;
  readonly hash: string;
  readonly bytes: number;
}

/**
 * The signed heads that a page has to carry so that every operation in it can be offered again in the order of the page: where a run of one device ends, and
 * within a long run wherever a batch would grow too large or was judged by another role. A page ends where a batch of its log ended, so the last operation has one.
 */
export function headsForPage<H extends ProvedHead>(
  rows: readonly PageRow[],
  signed: ReadonlyMap<string, H>,
  limits: OfferLimits,
): H[] {
  const chosen: H[] = [];
  let pending: H | undefined;
  let since = { ops: 0, bytes: 0 };
  let sincePending = { ops: 0, bytes: 0 };
  for (const [at, row] of rows.entries()) {
    since = { ops: since.ops + 1, bytes: since.bytes + row.bytes };
    sincePending = { ops: sincePending.ops + 1, bytes: sincePending.bytes + row.bytes };
    if (pending !== undefined && (since.ops > limits.ops || since.bytes > limits.bytes)) {
      chosen.push(pending);
      since = sincePending;
      pending = undefined;
    }
    const head = signed.get(row.hash);
    if (head !== undefined) {
      if (pending !== undefined && pending.role !== head.role) {
        chosen.push(pending);
        since = sincePending;
      }
      pending = head;
      sincePending = { ops: 0, bytes: 0 };
    }
    if (rows[at + 1]?.device !== row.device) {
      if (pending !== undefined) chosen.push(pending);
      pending = undefined;
      since = { ops: 0, bytes: 0 };
      sincePending = since;
    }
  }
  return chosen;
}
