/** Operations over readings -> the invoice as screens, rules and exports see it. Pure: the same operations give the same invoice on every device. */
import { UNREADABLE_REASONS, type UnreadableReason } from '../contract/intake.ts';
import type { Cell, DocumentInfo, Invoice, ReadingSummary } from '../contract/invoice.ts';
import type { Reading } from '../contract/reading.ts';
import { InvoiceCreated, type Sha256 } from '../sync/op.ts';
import { conflictsOf } from '../sync/conflicts.ts';
import { TOMBSTONE } from '../sync/kinds.ts';
import { firstId } from '../sync/reissue.ts';
import { makeCell } from './cells.ts';
import { type AsRead, changedAfterDecision } from './changed.ts';
import { digestOf, stateOf } from './decided.ts';
import { duplicateLinks } from './duplicate-links.ts';
import { HEADER_FIELD_NAMES, HEADER_FIELDS, type FieldInfo } from './fields.ts';
import { cellHeads, contentJson, type Log, type LogOp, readLog, type RecordedReading } from './log.ts';
import { cellsAsRead, type LoadedReading, projectLines, projectTaxRows, type RowType } from './rows.ts';
import { statusOf } from './status.ts';

export interface ProjectInput {
  readonly id: string;
  /** Every operation of the invoice in the order of the log; drafts about to be committed come last (`pendingOp`). */
  readonly ops: readonly LogOp[];
  /** By the operation that recorded it: at least those of `readingsNeeded`. */
  readonly readings: ReadonlyMap<string, Reading>;
  readonly document: DocumentInfo;
}

/**
 * Readings whose blobs the projection needs: the newest that could be read; all of them once a row was touched ([Note: Rows and a later reading]).
 * `op` keys `ProjectInput.readings`, `blob` names the bytes.
 */
export function readingsNeeded(ops: readonly LogOp[]): { readonly op: string; readonly blob: string }[] {
  const touched = ops.some(({ body }) => body.entity.type === 'line' || body.entity.type === 'taxRow');
  const readable = readLog(ops).readings.flatMap(({ op, recorded }) =>
    recorded.blob === undefined ? [] : [{ op: op.body.op_id, blob: recorded.blob }],
  );
  return touched ? readable : readable.slice(0, 1);
}

export function project({ id, ops, readings, document }: ProjectInput, sha256: Sha256): Invoice {
  const log = readLog(ops);
  const loaded = log.readings.flatMap(({ op }): LoadedReading[] => {
    const reading = readings.get(op.body.op_id);
    return reading === undefined ? [] : [{ op: op.body.op_id, firstOp: firstId(op.body), reading }];
  });
  const created = ops.find((op) => op.body.kind === 'invoice.created');
  const part = InvoiceCreated.safeParse(created === undefined ? undefined : contentJson(created)).data?.part;
  const conflicts = conflictsOf(log).length;
  const changed = changedAfterDecision(ops, asReadIn(loaded, sha256));
  const state = stateOf(ops);
  const duplicates = duplicateLinks(ops, state);
  const times = ops.map((op) => op.receivedAt).toSorted();
  const invoice: Invoice = {
    id,
    revision: ops.length,
    state,
    status: 'reading',
    createdAt: created?.receivedAt ?? times[0] ?? '',
    updatedAt: times.at(-1) ?? '',
    document,
    ...(part === undefined ? {} : { part }),
    reading: summaryOfReading(log.readings, loaded),
    header: projectHeader(log, id, loaded[0]),
    lines: projectLines(log, loaded, sha256),
    taxRows: projectTaxRows(log, loaded, sha256),
    findings: [],
    judged: null,
    attention: [],
    ...(conflicts === 0 ? {} : { conflicts }),
    ...(changed.length === 0 ? {} : { changed }),
    ...(duplicates.length === 0 ? {} : { duplicates }),
    digest: digestOf(ops, sha256),
  };
  return { ...invoice, status: statusOf(invoice) };
}

/** By the newest reading that the log had, of those that are at hand; of a row by the one that it is of. */
const asReadIn =
  (loaded: readonly LoadedReading[], sha256: Sha256): AsRead =>
  ({ entity, field }, log) => {
    for (const one of loaded) {
      const cells = log.byId.has(one.op) ? cellsAsRead(one, entity, sha256) : undefined;
      if (cells !== undefined) return cells[field]?.value ?? null;
    }
    return undefined;
  };

function projectHeader(log: Log, id: string, shown: LoadedReading | undefined): Invoice['header'] {
  const fields: Record<string, FieldInfo> = HEADER_FIELDS;
  const readingOp = shown?.op ?? log.readings[0]?.op.body.op_id ?? '';
  const header: Record<string, Cell> = {};
  for (const field of HEADER_FIELD_NAMES) {
    const heads = cellHeads(log, { type: 'invoice', id }, field);
    const cell = makeCell(heads, shown?.reading.header[field], readingOp, fields[field]?.core === true);
    if (cell !== undefined) header[field] = cell;
  }
  return header;
}

/** The newest reading that could be read is shown: reading again and failing must not blank the form. */
function summaryOfReading(
  recorded: readonly RecordedReading[],
  loaded: readonly LoadedReading[],
): ReadingSummary | null {
  const shown = loaded[0];
  const entry =
    recorded.find(({ op }) => op.body.op_id === shown?.op) ?? recorded.find((one) => one.recorded.unreadable);
  if (entry === undefined) return null;
  const { op, recorded: record } = entry;
  const base = { op: op.body.op_id, at: op.receivedAt, engineVersion: record.engineVersion };
  if (shown === undefined) {
    const { reason = 'engine-error', detail = '' } = record.unreadable ?? {};
    return { ...base, source: 'none', pages: [], notes: [], unreadable: { reason: knownReason(reason), detail } };
  }
  const { source, syntax, profile, language, pages, notes, memory } = shown.reading;
  return {
    ...base,
    source,
    ...(syntax === undefined ? {} : { syntax }),
    ...(profile === undefined ? {} : { profile }),
    ...(language === undefined ? {} : { language }),
    pages: pages.map((page) => ({
      page: page.page,
      width: page.width,
      height: page.height,
      source: page.source,
      ...(page.coverage === undefined ? {} : { coverage: page.coverage }),
      ...(page.languages === undefined ? {} : { languages: page.languages }),
      ...(page.quality === undefined ? {} : { quality: page.quality }),
      ...(page.problem === undefined ? {} : { problem: page.problem }),
    })),
    notes,
    ...(memory === undefined ? {} : { memory: { vendor: memory.vendor, name: memory.name } }),
  };
}

const knownReason = (reason: string): UnreadableReason =>
  UNREADABLE_REASONS.find((known) => known === reason) ?? 'engine-error';

/** Parents of a restoration: the heads of the row's tombstone; empty where it is not deleted. */
export const tombstoneHeads = (ops: readonly LogOp[], type: RowType, id: string): string[] =>
  cellHeads(readLog(ops), { type, id }, TOMBSTONE).map((head) => head.op.body.op_id);
