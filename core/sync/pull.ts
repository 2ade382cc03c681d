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

export function judgePage(
  place: LogPlace,
  page: { readonly ops: readonly PulledOp[]; readonly end: PageEnd },
  sha256: Sha256,
): PageJudgement {
  const { end } = page;
  if (end.epoch !== place.epoch) return { kind: 'epoch', epoch: end.epoch };
  const ops: TakenOp[] = [];
  let { cursor, siteHash: hash } = place;
  for (const line of page.ops) {
    if (line.seq !== cursor + 1) return { kind: 'torn', expected: cursor + 1, got: line.seq };
    const arrival = readOp(line, sha256);
    if (arrival.kind === 'bad') return { kind: 'broken', seq: line.seq, why: arrival.why };
    hash = siteHash(sha256, hash, line.seq, arrival.op.hash, line.verdict);
    cursor = line.seq;
    ops.push({ ...arrival.op, seq: line.seq, verdict: line.verdict });
  }
  if (end.next !== cursor) return { kind: 'torn', expected: end.next, got: cursor };
  if (end.site_hash !== hash) return { kind: 'broken', seq: cursor, why: 'the chain of the site' };
  return { kind: 'ok', ops, place: { epoch: place.epoch, cursor, siteHash: hash } };
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
