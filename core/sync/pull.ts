/** What a station makes of a page of the site's log: dense, whole, and ending where the chain of the site says. Nothing of a page that fails is taken. */
import type { PageEnd, PulledOp } from '../contract/sync-http.ts';
import { type ArrivedOp, readOp } from './arrived.ts';
import type { Sha256 } from './op.ts';
import { NO_SITE_HASH, siteHash } from './site-chain.ts';

/** Where a station stands in the site's log. */
export interface LogPlace {
  readonly epoch: number;
  /** Number of the last operation taken in. */
  readonly cursor: number;
  readonly siteHash: string;
}

/** The beginning of a history: every history starts there, so a station of another one starts there, too. */
export const startOf = (epoch: number): LogPlace => ({ epoch, cursor: 0, siteHash: NO_SITE_HASH });

export interface TakenOp extends ArrivedOp {
  readonly seq: number;
  readonly verdict: PulledOp['verdict'];
}

export type PageJudgement =
  /** Operations, verdicts and place are saved in one transaction. */
  | { readonly kind: 'ok'; readonly ops: readonly TakenOp[]; readonly place: LogPlace }
  /** The site's history is another one by now. */
  | { readonly kind: 'epoch'; readonly epoch: number }
  /** A number is missing, comes twice, or the page does not end where it says: the same page is asked for again. */
  | { readonly kind: 'torn'; readonly expected: number; readonly got: number }
  /** The site's log is not the one it was: sync stops and a person is told; local work goes on. */
  | { readonly kind: 'broken'; readonly seq: number; readonly why: string };

type PageFault = Exclude<PageJudgement, { readonly kind: 'ok' | 'epoch' }>;

export interface PageJudge {
  /** The next line of the page; undefined where it may stand there. */
  add(line: PulledOp): PageFault | undefined;
  /** What was added so far, and the hash of the site after each of them. */
  readonly ops: readonly TakenOp[];
  readonly hashes: readonly string[];
  finish(end: PageEnd): PageJudgement;
}

/** Line by line, for who must not stand still over a long page. */
export function createPageJudge(place: LogPlace, sha256: Sha256): PageJudge {
  const ops: TakenOp[] = [];
  const hashes: string[] = [];
  let { cursor, siteHash: hash } = place;
  return {
    ops,
    hashes,
    add(line) {
      if (line.seq !== cursor + 1) return { kind: 'torn', expected: cursor + 1, got: line.seq };
      const arrival = readOp(line, sha256);
      if (arrival.kind === 'bad') return { kind: 'broken', seq: line.seq, why: arrival.why };
      hash = siteHash(sha256, hash, line.seq, arrival.op.hash, line.verdict);
      cursor = line.seq;
      ops.push({ ...arrival.op, seq: line.seq, verdict: line.verdict });
      hashes.push(hash);
      return undefined;
    },
    finish(end) {
      if (end.epoch !== place.epoch) return { kind: 'epoch', epoch: end.epoch };
      if (end.next !== cursor) return { kind: 'torn', expected: end.next, got: cursor };
      if (end.site_hash !== hash) return { kind: 'broken', seq: cursor, why: 'the chain of the site' };
      return { kind: 'ok', ops, place: { epoch: place.epoch, cursor, siteHash: hash } };
    },
  };
}

export function judgePage(
  place: LogPlace,
  page: { readonly ops: readonly PulledOp[]; readonly end: PageEnd },
  sha256: Sha256,
): PageJudgement {
  if (page.end.epoch !== place.epoch) return { kind: 'epoch', epoch: page.end.epoch };
  const judge = createPageJudge(place, sha256);
  for (const line of page.ops) {
    const fault = judge.add(line);
    if (fault !== undefined) return fault;
  }
  return judge.finish(page.end);
}

/**
 * Number of the first operation of the station's own device that is not the station's: another copy of its database wrote it. `own`: hash of the station's
 * operation of that number, undefined where it has none.
 */
export const forkIn = (
  ops: readonly TakenOp[],
  device: string,
  own: (devSeq: number) => string | undefined,
): number | undefined =>
  ops.find(({ body, hash }) => body.device === device && own(body.dev_seq) !== hash)?.body.dev_seq;

/**
 * [Note: Displaced] A device that wrote two histories (a machine copied with its keys) can have numbers of one of them in the log of a site that then went back to an older copy,
 * and those of the other in the log after that. Operations that a station holds under numbers which the log gives to others can never be offered again:
 * they leave its log and are written once more under its own device (reissue.ts), in the transaction that takes the page. Where several stations do so, they
 * write the same values, which is no conflict. Told here: by device, the first number of which that is so; it is so of all that follow.
 */
export function displacedBy(
  ops: readonly Pick<TakenOp, 'body' | 'hash'>[],
  held: (device: string, devSeq: number) => string | undefined,
): Map<string, number> {
  const first = new Map<string, number>();
  for (const { body, hash } of ops) {
    const other = held(body.device, body.dev_seq);
    if (other !== undefined && other !== hash && !first.has(body.device)) first.set(body.device, body.dev_seq);
  }
  return first;
}
