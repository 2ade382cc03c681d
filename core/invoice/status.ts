/** What reading, findings and doubts make of an invoice: its status in the queue and the cells that need a human. */
import type { Cell, CellRef, Finding, Invoice } from '../contract/invoice.ts';
import { CHANGED, changedFinding } from './changed.ts';
import type { HeaderField } from './fields.ts';
import { type EntityType, fieldInfo, HEADER_FIELD_NAMES, LINE_FIELD_NAMES, TAX_ROW_FIELD_NAMES } from './fields.ts';
import { proofsOf } from './proof.ts';
import type { InvoiceStatus } from './states.ts';
import { conflictCells } from './transitions.ts';

/** Findings that are doubts of recognition: they come before the rules' findings in the order of work. */
const DOUBT_CODES: readonly string[] = ['LOW_CONFIDENCE', 'MISSING_REQUIRED_FIELD', 'INVALID_FIELD_FORMAT'];
const SEVERITY_ORDER = ['error', 'warning', 'info'] as const;

const refKey = (ref: CellRef): string => `${ref.entity.type}:${ref.entity.id}/${ref.field}`;

/** Every cell in the order of the form: header, lines, tax rows. */
export function* eachCell(invoice: Invoice): Generator<{ readonly ref: CellRef; readonly cell: Cell }> {
  yield* cellsOf({ type: 'invoice', id: invoice.id }, HEADER_FIELD_NAMES, invoice.header);
  for (const line of invoice.lines) yield* cellsOf({ type: 'line', id: line.id }, LINE_FIELD_NAMES, line.cells);
  for (const row of invoice.taxRows) yield* cellsOf({ type: 'taxRow', id: row.id }, TAX_ROW_FIELD_NAMES, row.cells);
}

export const cellIn = (invoice: Invoice, { entity, field }: CellRef): Cell | undefined => {
  const rows = entity.type === 'line' ? invoice.lines : invoice.taxRows;
  const cells: Readonly<Record<string, Cell | undefined>> =
    entity.type === 'invoice' ? invoice.header : (rows.find((row) => row.id === entity.id)?.cells ?? {});
  return cells[field];
};

function* cellsOf(
  entity: { readonly type: EntityType; readonly id: string },
  fields: readonly string[],
  cells: Readonly<Record<string, Cell | undefined>>,
): Generator<{ readonly ref: CellRef; readonly cell: Cell }> {
  for (const field of fields) {
    const cell = cells[field];
    if (cell !== undefined) yield { ref: { entity, field }, cell };
  }
}

const isDoubtful = ({ ref, cell }: { ref: CellRef; cell: Cell }, minimum: number): boolean =>
  cell.value !== null && cell.confidence < minimum && fieldInfo(ref.entity.type, ref.field)?.core === true;

const isProved = (proofs: ReturnType<typeof proofsOf>, { entity, field }: CellRef): boolean =>
  entity.type === 'invoice' && proofs[field as HeaderField] !== undefined;

/**
 * Conflicts, then doubts of recognition in the order of the form (core fields under the threshold that nothing proves, required ones missing), then the cells of findings,
 * errors first. Each cell once; findings that are only for information bring none.
 */
export function attentionOf(
  invoice: Invoice,
  findings: readonly Finding[],
  options: { readonly minimumConfidence: number },
): CellRef[] {
  const doubted = new Set(
    findings.filter((finding) => DOUBT_CODES.includes(finding.code)).flatMap((finding) => finding.cells.map(refKey)),
  );
  const proofs = proofsOf(invoice, findings);
  const doubts: CellRef[] = [];
  for (const entry of eachCell(invoice)) {
    const doubtful = isDoubtful(entry, options.minimumConfidence) && !isProved(proofs, entry.ref);
    if (doubted.has(refKey(entry.ref)) || doubtful) doubts.push(entry.ref);
  }
  const bySeverity = SEVERITY_ORDER.filter((severity) => severity !== 'info').flatMap((severity) =>
    findings.filter((finding) => finding.severity === severity).flatMap((finding) => finding.cells),
  );
  const all = [...conflictCells(invoice), ...doubts, ...bySeverity];
  return [...new Map(all.map((ref) => [refKey(ref), ref])).values()];
}

/** A received invoice is `ready` where nothing is left for a person to look at; `exception` otherwise. */
export function statusOf(invoice: Invoice): InvoiceStatus {
  if (invoice.state !== 'received') return invoice.state;
  if (invoice.reading === null) return 'reading';
  const clear =
    invoice.reading.unreadable === undefined &&
    invoice.attention.length === 0 &&
    invoice.findings.every((finding) => finding.severity === 'info');
  return clear ? 'ready' : 'exception';
}

/** The projection with its verdict; what was changed behind a decision is told with it, by whomever and whenever it was judged. */
export function withFindings(
  invoice: Invoice,
  findings: readonly Finding[],
  judged: Invoice['judged'],
  attention: readonly CellRef[],
): Invoice {
  const { changed = [] } = invoice;
  const told = findings.filter(({ code }) => code !== CHANGED);
  const cells = new Map([...changed, ...attention].map((ref) => [refKey(ref), ref]));
  const whole: Invoice = {
    ...invoice,
    findings: changed.length === 0 ? told : [changedFinding(changed, invoice.state), ...told],
    judged,
    attention: [...cells.values()],
  };
  return { ...whole, status: statusOf(whole) };
}
