/** Vendor memory: what a confirmation teaches, what a page's keys bring back, what a person makes it forget. */
import type { Cell, Invoice } from '../core/contract/invoice.ts';
import type { NewJob } from '../core/contract/jobs.ts';
import type { ReadCell, Reading } from '../core/contract/reading.ts';
import { cellHeads, readLog } from '../core/invoice/log.ts';
import { HEADER_FIELD_NAMES, type HeaderField } from '../core/invoice/fields.ts';
import { taxIdKey, vendorKey } from '../core/invoice/ids.ts';
import { lessonFieldId, lessonId, vendorId } from '../core/memory/ids.ts';
import { pagesToLearn } from '../core/memory/pages.ts';
import type { Confirmed, Lesson, Memory } from '../core/memory/lesson.ts';
import {
  lessonAppliedOp,
  type LessonEntity,
  lessonForgottenOp,
  lessonLearnedOp,
  lessonRestoredOp,
} from '../core/sync/drafts.ts';
import { TOMBSTONE } from '../core/sync/kinds.ts';
import type { OpDraft } from '../core/sync/op.ts';
import type { Model } from './model.ts';
import { sha256 } from './model.ts';
import type { Pool } from './pool.ts';
import type { Store, StoredLesson } from './store/store.ts';

/** So many lessons of a layout say all; more are learned only where a person still had to correct something. */
const ENOUGH = 3;

export interface Forgetting {
  readonly lesson?: string | undefined;
  readonly field?: string | undefined;
}

export interface VendorMemory {
  /** For pages with these keys; undefined where nothing was learned that they could share. */
  recall(keys: readonly string[]): Promise<Memory | undefined>;
  /** What a confirmed invoice teaches, and how what was remembered on it turned out; the invoices to look at again. */
  taught(invoice: Invoice, actor: string): Promise<Taught>;
  /** Once that is committed: the invoices that were still being read when `taught` looked for them. */
  learned(taught: Taught, invoice: string): Promise<NewJob[]>;
  /** Operations that forget, or bring back; none where it is so already. */
  forget(vendor: string, what: Forgetting & { readonly back: boolean; readonly actor: string }): Promise<OpDraft[]>;
  /** Open invoices of the vendor are looked at again. */
  lookAgain(lessons: readonly Lesson[], except?: string): Promise<NewJob[]>;
}

export interface Taught {
  readonly ops: OpDraft[];
  readonly jobs: NewJob[];
  readonly lesson?: Lesson;
}

interface Parts {
  readonly store: Store;
  readonly model: Model;
  readonly newId: () => string;
  readonly pool: Pick<Pool, 'run'>;
}

/** The lesson without the fields that a person made forget. */
function remaining({ lesson, forgottenFields }: StoredLesson): Lesson {
  if (forgottenFields.length === 0) return lesson;
  const gone = new Set(forgottenFields);
  const fields = Object.fromEntries(Object.entries(lesson.fields).filter(([field]) => !gone.has(field)));
  return { ...lesson, fields };
}

export function createVendorMemory({ store, model, newId, pool }: Parts): VendorMemory {
  const lookAgain: VendorMemory['lookAgain'] = async (lessons, except) => {
    const names = lessons.flatMap(({ fields }) => [fields.vendorName?.value, fields.vendorName?.was]);
    const keys = new Set(names.flatMap((name) => vendorKey(name, null) ?? []));
    const taxIds = new Set(lessons.flatMap(({ fields }) => taxIdKey(fields.vendorTaxId?.value) ?? []));
    const open = await store.openOfVendor([...keys], [...taxIds]);
    return open
      .filter((invoice) => invoice !== except)
      .map((invoice) => ({ id: newId(), name: 'recall', data: { invoice }, root: invoice, priority: 20 }));
  };

  return {
    lookAgain,
    async learned({ lesson, jobs }, invoice) {
      if (lesson === undefined) return [];
      // A reading is recorded before this look, which finds it, or after it, and then it sees the lesson (jobs/recall-watch.ts).
      const asked = new Set(jobs.map((job) => job.root));
      return (await lookAgain([lesson], invoice)).filter((job) => !asked.has(job.root));
    },
    async recall(keys) {
      const { lessons, vendorsOf } = await store.lessonsByKeys(keys);
      if (lessons.length === 0) return undefined;
      const known = lessons.map((one) => ({ id: one.id, vendor: one.vendor, lesson: remaining(one) }));
      return { lessons: known, vendorsOf: { ...vendorsOf } };
    },
    async taught(invoice, actor) {
      const reading = await model.readingOf(invoice);
      if (reading === undefined || !isRead(reading)) return { ops: [], jobs: [] };
      const ops: OpDraft[] = [];
      const used = outcomeOf(invoice, reading);
      if (used !== undefined) ops.push(lessonAppliedOp(model.author(actor), used.vendor, used.applied));
      const vendor = vendorId(sha256, invoice.header.vendorName?.value, invoice.header.vendorTaxId?.value);
      const lesson = vendor === undefined ? undefined : await lessonFrom(pool, invoice, reading);
      if (vendor === undefined || lesson === undefined) return { ops, jobs: [] };
      const id = lessonId(sha256, vendor, invoice.id);
      const [known, earlier] = [await store.lessonsOf(vendor), await store.lessonsFrom(invoice.id)];
      for (const other of earlier)
        if (other.id !== id && !other.forgotten)
          ops.push(
            lessonForgottenOp(
              model.author(actor),
              other.vendor,
              { type: 'lesson', id: other.id },
              await heads(other.vendor, other.id),
            ),
          );
      if (!isWorthIt(id, lesson, known)) return { ops, jobs: [] };
      ops.push(lessonLearnedOp(model.author(actor), vendor, id, lesson));
      return { ops, jobs: await lookAgain([lesson], invoice.id), lesson };
    },
    async forget(vendor, { back, actor, ...what }) {
      const [lessons, log] = [await store.lessonsOf(vendor), readLog(await store.opsOf(vendor))];
      const chosen = lessons.filter((one) => what.lesson === undefined || one.id === what.lesson);
      const write = back ? lessonRestoredOp : lessonForgottenOp;
      return chosen.flatMap((one): OpDraft[] => {
        const { field } = what;
        const isGone = field === undefined ? one.forgotten : one.forgottenFields.includes(field);
        const isThere = field === undefined || field in one.lesson.fields;
        if (!isThere || isGone !== back) return [];
        const entity: LessonEntity =
          field === undefined
            ? { type: 'lesson', id: one.id }
            : { type: 'lessonField', id: lessonFieldId(one.id, field) };
        const parents = cellHeads(log, { ...entity }, TOMBSTONE).map((head) => head.op.body.op_id);
        return [write(model.author(actor), vendor, entity, parents)];
      });
    },
  };

  async function heads(vendor: string, lesson: string): Promise<string[]> {
    const log = readLog(await store.opsOf(vendor));
    return cellHeads(log, { type: 'lesson', id: lesson }, TOMBSTONE).map((head) => head.op.body.op_id);
  }
}

/** An XML says where everything is; there is nothing to learn. */
const isRead = (reading: Reading): boolean =>
  reading.source === 'text' || reading.source === 'ocr' || reading.source === 'mixed';

/** New to the vendor, or something was wrong; the same once more is not written twice. */
function isWorthIt(id: string, lesson: Lesson, known: readonly StoredLesson[]): boolean {
  const same = known.find((one) => one.id === id);
  if (same !== undefined) return JSON.stringify(same.lesson) !== JSON.stringify(lesson);
  const corrected = Object.values(lesson.fields).some((field) => field.by === 'corrected');
  return corrected || known.filter((one) => !one.forgotten).length < ENOUGH;
}

const isRemembered = (cell: ReadCell | undefined): boolean =>
  cell?.reasons.some((reason) => /^memory(-fixed)?:/.test(reason)) === true;

function outcomeOf(invoice: Invoice, reading: Reading) {
  const { memory } = reading;
  if (memory === undefined) return undefined;
  const remembered = HEADER_FIELD_NAMES.filter((field) => isRemembered(reading.header[field]));
  const stood = (field: HeaderField): boolean => reading.header[field]?.value === invoice.header[field]?.value;
  const right = remembered.filter(stood);
  const wrong = remembered.filter((field) => !stood(field));
  return { vendor: memory.vendor, applied: { invoice: invoice.id, lessons: memory.lessons, right, wrong } };
}

const LIMIT_MS = 20_000;

async function lessonFrom(pool: Pick<Pool, 'run'>, invoice: Invoice, reading: Reading): Promise<Lesson | undefined> {
  const fields: Partial<Record<HeaderField, Confirmed>> = {};
  for (const field of HEADER_FIELD_NAMES) {
    const confirmed = confirmedOf(invoice.header[field], reading, field);
    if (confirmed !== undefined) fields[field] = confirmed;
  }
  const rates = invoice.taxRows.flatMap((row) => row.cells.rate?.value ?? []);
  const pages = pagesToLearn(reading.pages);
  const taught = { invoice: invoice.id, document: invoice.document.sha256, pages, fields, rates };
  const outcome = await pool.run('learn', taught, { timeoutMs: LIMIT_MS });
  return outcome.kind === 'learned' ? (outcome.lesson ?? undefined) : undefined;
}

function confirmedOf(cell: Cell | undefined, reading: Reading, field: HeaderField): Confirmed | undefined {
  const read = reading.header[field];
  // What the reader alone had made of it: a remembered value says nothing about where the reader errs.
  const before: Record<string, string | null> = reading.memory?.before ?? {};
  const alone = Object.hasOwn(before, field) ? before[field] : read?.value;
  const was = alone === undefined || alone === null ? null : { value: alone, ...placeOf(read, alone) };
  const value = cell?.value ?? null;
  if (value === null && was === null) return undefined;
  const byPerson = cell?.actor !== undefined;
  const by = !byPerson ? 'accepted' : value === (read?.value ?? null) ? 'confirmed' : 'corrected';
  return { value, was, by, page: cell?.page, box: cell?.box };
}

const placeOf = (read: ReadCell | undefined, value: string) => {
  const seen = read?.value === value ? read : read?.candidates.find((candidate) => candidate.value === value);
  return { page: seen?.page, box: seen?.box };
};
