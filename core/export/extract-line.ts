/** The line that `ap-intake extract` writes for a document: flat, amounts as JSON numbers (in this file only), what is not on the document absent. */
import type { Cell, Finding, Invoice } from '../contract/invoice.ts';
import type { Unreadable } from '../contract/tasks.ts';
import type { HeaderField, LineField } from '../invoice/fields.ts';
import { proofsOf } from '../invoice/proof.ts';
import type { Proof } from '../invoice/proof.ts';
import { findingText, reasonText } from '../text/text.ts';
import type { Language } from '../text/text.ts';

const TEXTS = [
  'invoiceNumber',
  'issueDate',
  'dueDate',
  'vendorName',
  'vendorTaxId',
  'vendorIban',
  'buyerName',
  'currency',
] as const satisfies readonly HeaderField[];
const NUMBERS = ['netTotal', 'taxTotal', 'grossTotal', 'amountDue'] as const satisfies readonly HeaderField[];
const LINE_NUMBERS = ['quantity', 'unitPrice', 'lineTotal'] as const satisfies readonly LineField[];

export interface ExtractLine extends Record<string, unknown> {
  readonly file: string;
  readonly ms: number;
  readonly source: string;
}

export interface LineOrigin {
  /** Relative to the folder that was given. */
  readonly file: string;
  /** 1-based, where the file holds several documents. */
  readonly part?: number | undefined;
  readonly ms: number;
  readonly language: Language;
}

const head = ({ file, part }: LineOrigin) => ({ file, ...(part === undefined ? {} : { part }) });

const message = (finding: Finding, language: Language) => ({
  code: finding.code,
  severity: finding.severity,
  message: findingText(language, finding).sentence,
});

export function extractLine(invoice: Invoice, origin: LineOrigin): ExtractLine {
  const { header } = invoice;
  return {
    ...head(origin),
    ms: origin.ms,
    source: invoice.reading?.source ?? 'none',
    ...texts(header, TEXTS),
    ...numbers(header, NUMBERS),
    ...texts(header, ['poNumber']),
    ...texts(header, ['documentType']),
    lineItems: invoice.lines.map(({ cells }) => ({
      ...texts(cells, ['description']),
      ...numbers(cells, LINE_NUMBERS),
    })),
    confidence: confidences(header),
    accepted: accepted(invoice),
    findings: invoice.findings.map((finding) => message(finding, origin.language)),
  };
}

/** A document that gave nothing: the same shape, so that a consumer needs no second case, and the reason. */
export function unreadableLine({ reason, detail }: Unreadable, origin: LineOrigin): ExtractLine {
  const why = reasonText(origin.language, reason).reason;
  return {
    ...head(origin),
    ms: origin.ms,
    source: 'none',
    unreadable: { reason, detail },
    lineItems: [],
    confidence: {},
    accepted: {},
    findings: [{ code: 'EXTRACTION_ERROR', severity: 'error', message: detail === '' ? why : `${why} (${detail})` }],
  };
}

type Cells<F extends string> = Readonly<Partial<Record<F, Cell>>>;

const texts = <F extends string>(cells: Cells<F>, fields: readonly F[]): Record<string, string> =>
  Object.fromEntries(fields.flatMap((field) => (cells[field]?.value ? [[field, cells[field].value]] : [])));

const numbers = <F extends string>(cells: Cells<F>, fields: readonly F[]): Record<string, number> =>
  Object.fromEntries(fields.flatMap((field) => (cells[field]?.value ? [[field, Number(cells[field].value)]] : [])));

const confidences = (cells: Cells<HeaderField>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(cells).flatMap(([field, cell]) =>
      cell?.value ? [[field, Math.round(cell.confidence * 1000) / 1000]] : [],
    ),
  );

/** Fields of the line that may be taken unseen, each with its proofs. */
function accepted(invoice: Invoice): Record<string, readonly Proof[]> {
  const proofs = proofsOf(invoice);
  return Object.fromEntries(
    [...TEXTS, ...NUMBERS, 'poNumber' as const, 'documentType' as const].flatMap((field) =>
      proofs[field] ? [[field, proofs[field]]] : [],
    ),
  );
}
