/** What lists, searches and the look-up of duplicates need of an invoice. */
import type { Invoice, InvoiceSummary } from '../contract/invoice.ts';
import { DOCUMENT_TYPES, type HeaderField } from './fields.ts';
import { numberKey, vendorKey } from './ids.ts';
import { isOpen } from './transitions.ts';

const valueOf = (invoice: Invoice, field: HeaderField): string | null => invoice.header[field]?.value ?? null;

export function summaryOf(invoice: Invoice): InvoiceSummary {
  const type = valueOf(invoice, 'documentType');
  const suspects = suspectsOf(invoice).length;
  return {
    id: invoice.id,
    revision: invoice.revision,
    status: invoice.status,
    createdAt: invoice.createdAt,
    updatedAt: invoice.updatedAt,
    documentName: invoice.document.name,
    documentSha: invoice.document.sha256,
    source: invoice.reading?.source ?? 'none',
    documentType: DOCUMENT_TYPES.find((known) => known === type) ?? null,
    vendorName: valueOf(invoice, 'vendorName'),
    invoiceNumber: valueOf(invoice, 'invoiceNumber'),
    issueDate: valueOf(invoice, 'issueDate'),
    dueDate: valueOf(invoice, 'dueDate'),
    currency: valueOf(invoice, 'currency'),
    grossTotal: valueOf(invoice, 'grossTotal'),
    errors: invoice.findings.filter((finding) => finding.severity === 'error').length,
    warnings: invoice.findings.filter((finding) => finding.severity === 'warning').length,
    attention: invoice.attention.length,
    pages: invoice.reading?.pages.length ?? 0,
    ...(invoice.part === undefined ? {} : { part: invoice.part }),
    ...(invoice.conflicts === undefined ? {} : { conflicts: invoice.conflicts }),
    ...(suspects === 0 ? {} : { suspects }),
    reason: invoice.reading?.unreadable?.reason ?? null,
  };
}

const SUSPICIONS: ReadonlySet<string> = new Set(['DUPLICATE_INVOICE', 'DUPLICATE_SUSPECT']);

/** Others that it may be the same as, and that a person has to decide about: by what the rules found over it while it is open, and where two decided otherwise. */
export function suspectsOf({ state, findings, duplicates = [] }: Invoice): string[] {
  const found = findings.filter(({ code, severity }) => SUSPICIONS.has(code) && severity !== 'info');
  const others = isOpen(state) ? found.flatMap(({ params }) => params['other'] ?? []) : [];
  const disputed = duplicates.flatMap(({ kind, other }) => (kind === 'disputed' ? [other] : []));
  return [...new Set([...others, ...disputed])];
}

/** Of these, those that stand on the same invoice's errors and that the log does not name yet. */
export function unlinkedSuspects(invoice: Invoice): string[] {
  const named = new Set((invoice.duplicates ?? []).map(({ other }) => other));
  const sure = new Set(
    invoice.findings.flatMap(({ code, severity, params }) =>
      code === 'DUPLICATE_INVOICE' && severity === 'error' ? (params['other'] ?? []) : [],
    ),
  );
  return suspectsOf(invoice).filter((other) => sure.has(other) && !named.has(other));
}

const MARKS = /\p{M}+/gu;

/** Lower case, without accents and compatibility forms, punctuation kept: what a search looks into and for. */
export const foldText = (text: string): string =>
  text.normalize('NFKD').replace(MARKS, '').toLowerCase().replaceAll('ß', 'ss').normalize('NFC');

/** Folded text that a search looks into. */
export function searchText(invoice: Invoice): string {
  const fields: readonly HeaderField[] = ['vendorName', 'invoiceNumber', 'buyerName', 'poNumber', 'grossTotal'];
  const values = fields.flatMap((field) => valueOf(invoice, field) ?? []);
  return foldText([...values, invoice.document.name].join('\n'));
}

/** What indexes can hold of a value: longer ones are told apart by nobody. */
const LONGEST = 200;
export const clipped = <T extends string | null>(text: T): T =>
  text === null || text.length <= LONGEST ? text : (text.slice(0, LONGEST).replace(/[\uD800-\uDBFF]$/, '') as T);

export const duplicateKeys = (
  invoice: Invoice,
): { documentSha: string; vendorKey: string | null; numberKey: string | null; grossTotal: string | null } => ({
  documentSha: invoice.document.sha256,
  vendorKey: clipped(vendorKey(valueOf(invoice, 'vendorName'), valueOf(invoice, 'vendorTaxId'))),
  numberKey: clipped(numberKey(valueOf(invoice, 'invoiceNumber'))),
  grossTotal: clipped(valueOf(invoice, 'grossTotal')),
});

/** The row that the store keeps with the operations (server/store/store.ts, `Projection`). */
export const projectionOf = (invoice: Invoice) => ({
  invoice,
  summary: summaryOf(invoice),
  search: searchText(invoice),
  keys: duplicateKeys(invoice),
});
