/**
 * A push that goes on where this process added to the log last: what the database would say of it is known beforehand. It is judged and planned over that, and goes over in one round trip
 * together with the words that all of it hangs on (`is_as_expected`). Where they are not true nothing is written, and the database is asked as ever. That an id is new is left to the
 * table, which keeps each once.
 */
import { sql } from 'drizzle-orm';
import type { OpKind } from '../../../core/sync/op.ts';
import type { PushWish } from '../hub-store.ts';
import { textArray } from './arrays.ts';
import type { Call } from './connection.ts';
import { headPlaces, placeColumns } from './heads.ts';
import type { Head } from './log-plan.ts';
import { createCall } from './statement.ts';
import { parentsOutside, type PushFacts } from './sync-facts.ts';

const isAsExpected = createCall<
  {
    site: string;
    epoch: number;
    seq: number;
    siteHash: string;
    device: string;
    devSeq: number;
    hash: string;
  } & Readonly<Record<'parents' | 'roots' | 'entities' | 'fields' | 'ids', Buffer>>
>(
  (
    place,
  ) => sql`SELECT is_as_expected(${place('site')}, ${place('epoch')}, ${place('seq')}, ${place('siteHash')}, ${place('device')}, ${place('devSeq')}, ${place('hash')},
    ${place('parents')}::text[], ${place('roots')}::text[], ${place('entities')}::text[], ${place('fields')}::text[], ${place('ids')}::text[])`,
);

/** Where the log ends, and of which history it is. */
export interface LogEnd {
  readonly epoch: number;
  readonly head: Head;
}

export interface Guess {
  readonly facts: PushFacts;
  /** Whether they are so. */
  readonly condition: Call;
}

export interface Ahead {
  /** Undefined where the database has to be asked. Nothing is known any more until the push has ended. */
  guess(wish: PushWish): Guess | undefined;
  /** By a push. */
  ended(end: LogEnd): void;
  /** By whoever of this process: the log ends at this number. */
  appended(seq: number): void;
  /** What was guessed was not so. */
  missed(): void;
}

/** They write more than calls carry. */
const MORE: ReadonlySet<string> = new Set<OpKind>([
  'document.added',
  'reading.recorded',
  'lesson.learned',
  'lesson.applied',
]);
/** Others add to the log, too: so many pushes are not guessed about. */
const REST = 8;

function factsOf({ batch }: PushWish, { epoch, head }: LogEnd): PushFacts {
  const { dev_seq: devSeq, dev_prev: hash } = batch.ops[0].body;
  return {
    epoch,
    head,
    end: { devSeq: devSeq - 1, hash },
    held: new Map(),
    known: new Set(parentsOutside(batch)),
    superseded: [],
    roots: new Map(),
  };
}

function conditionOf(site: string, { batch: { device, ops } }: PushWish, facts: PushFacts): Call {
  const { epoch, head, end, known } = facts;
  const { seq, siteHash } = head;
  return isAsExpected({
    site,
    epoch,
    seq,
    siteHash,
    device,
    ...end,
    parents: textArray([...known]),
    ...placeColumns(headPlaces(ops.map(({ body }) => body))),
  });
}

/** The first batch of a device, of the site's own, and one that lacks something are looked at one by one. */
const isUsual = ({ batch, publicKey }: PushWish, { head, epoch }: LogEnd): boolean =>
  publicKey !== null &&
  batch.epoch === epoch &&
  batch.device !== head.device &&
  batch.waived.size === 0 &&
  batch.ops[0].body.dev_seq > 1 &&
  !batch.ops.some(({ body }) => MORE.has(body.kind));

export function createAhead(site: string, rest = REST): Ahead {
  let known: LogEnd | undefined;
  let resting = 0;
  return {
    guess(wish) {
      const end = known;
      known = undefined;
      if (resting > 0) resting -= 1;
      else if (end !== undefined && isUsual(wish, end)) {
        const facts = factsOf(wish, end);
        return { facts, condition: conditionOf(site, wish, facts) };
      }
      return undefined;
    },
    ended(end) {
      known = end;
    },
    appended(seq) {
      if (known?.head.seq !== seq) known = undefined;
    },
    missed() {
      resting = rest;
    },
  };
}
