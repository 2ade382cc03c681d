/** A cell of the projection: its heads over what the shown reading saw. */
import type { Cell } from '../contract/invoice.ts';
import type { ReadCell, Source } from '../contract/reading.ts';
import { inConflict } from '../sync/reducer.ts';
import type { HeadOp } from './log.ts';

/** What a person said outranks what a file says; a file's own data outranks what was recognised. */
const SOURCE_RANK: readonly Source[] = ['ocr', 'text', 'rule', 'vendor-memory', 'code', 'xml', 'manual'];

const rank = (head: HeadOp): number => SOURCE_RANK.indexOf(head.op.body.source);

/** The display winner (lists only): max by (source rank, hlc, op id). Heads come newest first. */
function winnerOf(heads: readonly [HeadOp, ...HeadOp[]]): HeadOp {
  return heads.reduce((best, head) => (rank(head) > rank(best) ? head : best), heads[0]);
}

/** Where the value of a person stands on the page: as clicked, else where the reader saw it, else where the field was read (a digit corrected). */
function placeOf(head: HeadOp, read: ReadCell | undefined): Pick<Cell, 'text' | 'page' | 'box'> {
  const { evidence } = head.op.body;
  const seen = read === undefined ? [] : [read, ...read.candidates];
  const same = seen.find((candidate) => candidate.value === head.value);
  if (evidence?.page !== undefined && evidence.box !== undefined) {
    return { text: same?.text ?? '', page: evidence.page, box: evidence.box };
  }
  const place = same?.box === undefined ? read : same;
  return { text: same?.text ?? '', ...boxed(place) };
}

const boxed = (place: Pick<ReadCell, 'page' | 'box'> | undefined): Pick<Cell, 'page' | 'box'> => ({
  ...(place?.page === undefined ? {} : { page: place.page }),
  ...(place?.box === undefined ? {} : { box: place.box }),
});

function readCell(read: ReadCell, readingOp: string): Cell {
  return {
    value: read.value,
    text: read.text,
    ...boxed(read),
    source: read.source,
    confidence: read.confidence,
    reasons: read.reasons,
    candidates: read.candidates,
    parents: [readingOp],
  };
}

function headCell(heads: readonly [HeadOp, ...HeadOp[]], read: ReadCell | undefined): Cell {
  const { op, value } = winnerOf(heads);
  const differing = inConflict(heads.map((head) => head.value));
  return {
    value,
    ...placeOf({ op, value }, read),
    source: op.body.source,
    confidence: 1,
    reasons: [],
    candidates: read?.candidates ?? [],
    parents: heads.map((head) => head.op.body.op_id).toSorted(),
    actor: op.body.actor,
    at: op.receivedAt,
    ...(differing
      ? {
          conflict: heads.map((head) => ({
            op: head.op.body.op_id,
            value: head.value,
            actor: head.op.body.actor,
            at: head.op.receivedAt,
          })),
        }
      : {}),
  };
}

/** `readingOp`: the reading shown for this entity, '' where there is none. A core field has a cell even when nothing stands in it. */
export function makeCell(
  heads: readonly HeadOp[],
  read: ReadCell | undefined,
  readingOp: string,
  core: boolean,
): Cell | undefined {
  const [first, ...rest] = heads;
  if (first !== undefined) return headCell([first, ...rest], read);
  if (read !== undefined) return readCell(read, readingOp);
  if (!core) return undefined;
  return {
    value: null,
    text: '',
    source: 'text',
    confidence: 0,
    reasons: [],
    candidates: [],
    parents: readingOp === '' ? [] : [readingOp],
  };
}
