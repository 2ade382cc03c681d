/**
 * The station's round as a pure machine: what to do next, given what is in the database and what happened. Nothing in it has to survive a restart: epoch, cursor and
 * what the site has not shown yet stand in the database. The shell carries a step out, tells how it ended, and asks again.
 */
import { SYNC_LIMITS } from '../contract/sync-http.ts';

/** Why nothing is offered any more until something changes; pulling goes on. */
export type Closed =
  /** 426: the site wants a newer version. */
  | 'upgrade'
  /** 400, or one operation too large for the site: an error of the program. 403 by the role: who connected the station may only read. */
  | 'rejected';

/** Why sync stands still; local work goes on. */
export type Stopped =
  /** A page contradicts the chain of the site. */
  | 'broken'
  /**
   * The device has two histories, told by 409 `device_forked` or by a page (`forkIn`): the database was copied, or brought back from an older copy. It needs an id of
   * its own (reissue.ts); nothing is pulled before, since two operations would claim one number.
   */
  | 'forked'
  /** 401, 403: a person signs in again. */
  | 'signed-out';

export interface Session {
  /** The site told of its history since the session began. */
  readonly greeted: boolean;
  /** The site's newest number, as last heard; null before it told. */
  readonly head: number | null;
  /** The site spoke of another history, and nothing was pushed or pulled since: a second time is no news (it lost the end of its log, and does not know it). */
  readonly doubted: boolean;
  /** Another history of the site than the database's: to be entered. */
  readonly enter: number | null;
  /** In a history just entered: nothing is offered before it has shown what it holds. */
  readonly catchUp: boolean;
  /** Number of the station's own first operation that the site says it lacks. */
  readonly goBack: number | null;
  /** Devices whose operations cannot be offered for now; forgotten with the next page. */
  readonly except: readonly string[];
  /** Parents that the site lacks and the station cannot offer: told with every batch. */
  readonly waived: readonly string[];
  /** Nothing more is offered before the next page. */
  readonly offered: boolean;
  /** Blobs were tried since the last page. */
  readonly blobsTried: boolean;
  /** Operations in a batch: halved where the site finds it too large. */
  readonly limit: number;
  readonly failures: number;
  readonly waitMs: number;
  readonly closed: Closed | null;
  readonly stopped: Stopped | null;
}

export const newSession = (): Session => ({
  greeted: false,
  head: null,
  doubted: false,
  enter: null,
  catchUp: false,
  goBack: null,
  except: [],
  waived: [],
  offered: false,
  blobsTried: false,
  limit: SYNC_LIMITS.ops,
  failures: 0,
  waitMs: 0,
  closed: null,
  stopped: null,
});

/** What the database says. */
export interface Facts {
  /** History of the site that `cursor` counts in; null before the first one. */
  readonly epoch: number | null;
  readonly cursor: number;
  /** Operations that this history has not shown: the station's own new ones, and all others it lacks. */
  readonly unshown: number;
  /** Blobs to be sent or fetched. */
  readonly blobs: number;
}

export type Step =
  | { readonly do: 'head' }
  /** One transaction: epoch, cursor 0, `NO_SITE_HASH`. Operations and their verdicts stay until a page brings new ones. */
  | { readonly do: 'enter'; readonly epoch: number }
  /** One transaction: own operations from this number on count as not shown. */
  | { readonly do: 'go-back'; readonly devSeq: number }
  | {
      readonly do: 'offer';
      readonly limit: number;
      readonly except: readonly string[];
      readonly waived: readonly string[];
    }
  | { readonly do: 'pull'; readonly waitSeconds: number }
  | { readonly do: 'blobs' }
  /** Ended early by a wake: a person pressed "now", the network came back. */
  | { readonly do: 'wait'; readonly ms: number }
  /** Until the session begins anew. */
  | { readonly do: 'stop'; readonly why: Stopped };

const isBehind = (session: Session, facts: Facts): boolean => session.head === null || session.head > facts.cursor;

export function nextStep(session: Session, facts: Facts): Step {
  if (session.stopped !== null) return { do: 'stop', why: session.stopped };
  if (session.waitMs > 0) return { do: 'wait', ms: session.waitMs };
  if (!session.greeted) return { do: 'head' };
  if (session.enter !== null) return { do: 'enter', epoch: session.enter };
  if (session.goBack !== null) return { do: 'go-back', devSeq: session.goBack };
  const behind = isBehind(session, facts);
  if (session.catchUp && behind) return { do: 'pull', waitSeconds: 0 };
  const mayOffer = session.closed === null && !session.offered;
  if (mayOffer && facts.unshown > 0) {
    const { limit, except, waived } = session;
    return { do: 'offer', limit, except, waived };
  }
  if (behind) return { do: 'pull', waitSeconds: 0 };
  if (facts.blobs > 0 && !session.blobsTried) return { do: 'blobs' };
  return { do: 'pull', waitSeconds: SYNC_LIMITS.waitSeconds };
}

export type Happened =
  | { readonly kind: 'head'; readonly epoch: number; readonly seq: number; readonly known: number | null }
  | { readonly kind: 'entered' }
  | { readonly kind: 'went-back' }
  | { readonly kind: 'pushed'; readonly head: number; readonly epoch: number }
  /** Nothing to offer but what cannot be offered now. */
  | { readonly kind: 'nothing-to-offer' }
  /** `nextOffer` found no proof for this device's operations. */
  | { readonly kind: 'unproved'; readonly device: string }
  | { readonly kind: 'pulled'; readonly head: number; readonly taken: number }
  | { readonly kind: 'blobs' }
  | { readonly kind: 'waited' }
  | { readonly kind: 'page'; readonly problem: 'torn' | 'broken' | 'forked' }
  /** The site's history is another one: 409, or a page of it. */
  | { readonly kind: 'epoch'; readonly epoch: number }
  | { readonly kind: 'refused'; readonly answer: Answer }
  /** No answer: nobody knows whether the request was carried out. */
  | { readonly kind: 'no-answer' };

/** An answer that is no success. `device`: whose operations were offered; `own`: the station's. */
export interface Answer {
  readonly status: number;
  /** `reason` of a 409. */
  readonly reason?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly expected?: number | undefined;
  /** Of `missing_parents`: those of them that the station does not hold, or whose device it cannot offer. */
  readonly unheld?: readonly string[] | undefined;
  readonly offered?: { readonly device: string; readonly own: boolean; readonly ops: number } | undefined;
}

const FIRST_MS = 1_000;
/** Whoever has work to send has sent it within half a minute after the network is back: this, and the time that an answer is waited for. */
const LONGEST_MS = 15_000;

/** Full jitter: anything between a second and a bound that doubles up to a quarter of a minute. `random`: 0 <= x < 1. */
export function backoffMs(failures: number, random: number): number {
  const bound = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 16));
  return Math.round(FIRST_MS + random * (bound - FIRST_MS));
}

function failed(session: Session, random: number, leastMs = 0): Session {
  const failures = session.failures + 1;
  return { ...session, failures, waitMs: Math.max(leastMs, backoffMs(failures, random)) };
}

export function after(session: Session, happened: Happened, random: number): Session {
  switch (happened.kind) {
    case 'head': {
      const enter = happened.known === happened.epoch ? null : happened.epoch;
      const failures = session.doubted ? session.failures : 0;
      return { ...session, greeted: true, head: happened.seq, enter, failures };
    }
    case 'entered':
      return { ...session, enter: null, catchUp: true, offered: false, except: [] };
    case 'went-back':
      return { ...session, goBack: null };
    case 'pushed': {
      const limit = Math.min(SYNC_LIMITS.ops, session.limit * 2);
      return { ...session, head: Math.max(session.head ?? 0, happened.head), limit, doubted: false, failures: 0 };
    }
    case 'nothing-to-offer':
      return { ...session, offered: true };
    case 'unproved':
      return { ...session, except: [...session.except, happened.device] };
    case 'pulled': {
      const fresh = { head: happened.head, offered: false, except: [], blobsTried: false, doubted: false, failures: 0 };
      return { ...session, ...fresh, catchUp: session.catchUp && happened.taken > 0 };
    }
    case 'blobs':
      return { ...session, blobsTried: true, failures: 0 };
    case 'waited':
      return { ...session, waitMs: 0 };
    case 'page':
      return happened.problem === 'torn' ? failed(session, random) : { ...session, stopped: happened.problem };
    case 'epoch':
      return elsewhere(session, random);
    case 'refused':
      return afterRefusal(session, happened.answer, random);
    case 'no-answer':
      return failed(session, random);
    default:
      return happened satisfies never;
  }
}

/** Asked at once what its history is; where that does not help, later and later. */
const elsewhere = (session: Session, random: number): Session => ({
  ...(session.doubted ? failed(session, random) : session),
  doubted: true,
  greeted: false,
});

/** What belongs to another device is left to other stations; it never holds up the station's own work. */
const without = (session: Session, device: string): Session => ({ ...session, except: [...session.except, device] });

function afterRefusal(session: Session, answer: Answer, random: number): Session {
  const { status, offered, retryAfterMs } = answer;
  if (status === 401) return { ...session, stopped: 'signed-out' };
  if (offered !== undefined && !offered.own && [400, 403].includes(status)) return without(session, offered.device);
  if (status === 403 && answer.reason === 'role' && offered !== undefined) return { ...session, closed: 'rejected' };
  if (status === 403) return { ...session, stopped: 'signed-out' };
  if (offered === undefined) return failed(session, random, retryAfterMs);
  if (status === 409) return afterConflict(session, answer, offered, random);
  if (status === 413) return afterTooLarge(session, offered);
  if (status === 426) return { ...session, closed: 'upgrade' };
  if (status === 400) return { ...session, closed: 'rejected' };
  return failed(session, random, retryAfterMs);
}

type Offered = NonNullable<Answer['offered']>;

/** Others' operations are cut where their device signed, and no smaller. */
function afterTooLarge(session: Session, { device, own, ops }: Offered): Session {
  const limit = Math.max(1, Math.floor(ops / 2));
  if (ops > 1 && limit < session.limit) return { ...session, limit };
  return own ? { ...session, closed: 'rejected' } : without(session, device);
}

function afterConflict(session: Session, answer: Answer, offered: Offered, random: number): Session {
  switch (answer.reason) {
    case 'epoch':
      return elsewhere(session, random);
    case 'gap':
      if (!offered.own) return without(session, offered.device);
      // The site lacks what the station believed to be there.
      return { ...failed(session, random), goBack: answer.expected ?? 1 };
    case 'device_forked':
      return offered.own ? { ...session, stopped: 'forked' } : without(session, offered.device);
    case 'missing_parents':
      // Somebody else may offer them first: look at the log, then try again without them.
      // One batch may have several operations that wait: what was waived stays waived.
      return {
        ...failed(session, random),
        offered: true,
        head: null,
        waived: [...new Set([...session.waived, ...(answer.unheld ?? [])])],
      };
    case undefined:
    default:
      return failed(session, random);
  }
}
