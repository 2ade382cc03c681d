/**
 * Words with boxes -> fields. The steps: lines and labels, typed values, the lines table, joint scoring of the totals, references, dates, parties, ids.
 * Pure: the same pages give the same reading. A field that is not printed stays absent.
 */
import type { Extraction, PageReading, ReadCell, ReadingNote, ReadTaxRow } from '../contract/reading.ts';
import type { HeaderField } from '../invoice/fields.ts';
import { findAddresses, findDeliveryAddresses } from './candidates/addresses.ts';
import { findAccounts, findPayees, findStructuredReferences } from './candidates/bank.ts';
import type { Context } from './candidates/context.ts';
import { buildContext, outsideOf } from './candidates/context.ts';
import { findCurrencies } from './candidates/currency.ts';
import type { DateCandidate, DateField, OrderEvidence } from './candidates/dates.ts';
import { dayOrder, findDateCandidates, plausibleDue, resolveDate } from './candidates/dates.ts';
import { findBics, findEmails, findIbanCandidates, findTaxIds } from './candidates/identifiers.ts';
import { findParties } from './candidates/parties.ts';
import { sameName } from './candidates/party.ts';
import { findPeriods } from './candidates/periods.ts';
import {
  BUYER_REFERENCE,
  CONTRACT,
  findOrderNumbers,
  findPrefixed,
  findReferences,
  INVOICE_NUMBER,
  PAYMENT_REFERENCE,
  PO_NUMBER,
  PRECEDING,
} from './candidates/references.ts';
import { findTerms } from './candidates/terms.ts';
import { isSlip } from './candidates/till.ts';
import { withCodes } from './codes/apply.ts';
import { findAmounts } from './score/amounts.ts';
import { calibrateLines, calibrateTaxRows, withConfidence } from './score/calibrate.ts';
import { findDocumentTypes } from './score/document-type.ts';
import { headerAmounts } from './score/header-amounts.ts';
import { detectLanguage } from './score/language.ts';
import type { Scored } from './score/scored.ts';
import { cellOf, ranked } from './score/scored.ts';
import type { TaxRow } from './score/tax-rows.ts';
import { completedTaxRows, findTaxRows, printedRates } from './score/tax-rows.ts';
import { chooseTotals } from './score/totals.ts';
import { findTableHeads } from './table/columns.ts';
import { lineItems, readLines, sumOfLines } from './table/read-lines.ts';
import type { Table } from './table/rows.ts';
import { readTable } from './table/rows.ts';
import { readTillLines, tillSum } from './table/till-lines.ts';
import { isAmbiguous } from './values/date.ts';
import { near, subtract } from '../invoice/decimal.ts';
import { keysOn } from '../memory/keys.ts';
import type { Memory } from '../memory/lesson.ts';
import { styleOf, withMemory } from '../memory/remember.ts';
import { recognise } from '../memory/vendor.ts';

type Header = Partial<Record<HeaderField, ReadCell>>;

/** Below this a guess is worse than an empty field. */
const LEAST: Partial<Record<HeaderField, number>> = {
  invoiceNumber: 0.25,
  issueDate: 0.15,
  vendorName: 0.2,
  buyerName: 0.3,
  poNumber: 0.4,
  grossTotal: 0.3,
  netTotal: 0.3,
  taxTotal: 0.3,
};

function put(header: Header, field: HeaderField, scored: readonly Scored[], confidence?: number): void {
  const worthy = scored.filter((s) => s.score > 0.02);
  const cell = cellOf(worthy, confidence);
  if (!cell || (ranked(worthy)[0]?.score ?? 0) < (LEAST[field] ?? 0.35)) return;
  header[field] = withConfidence(field, cell);
}

/** `memory`: what earlier invoices of vendors that this page may be from have taught. */
export const extract = (pages: readonly PageReading[], memory?: Memory): Extraction =>
  withCodes(fromWords(pages, memory), pages);

function fromWords(pages: readonly PageReading[], memory: Memory | undefined): Extraction {
  const plain = buildContext(pages.filter((p) => p.words.length > 0));
  if (plain.layout.tokens.length === 0) return { header: {}, lines: [], taxRows: [], notes: [] };
  const read = fromContext(plain);
  const known = memory === undefined ? undefined : recognise(plain, memory, read.header.vendorName?.value);
  if (known === undefined) return read;
  const mark = styleOf(known).mark ?? plain.mark;
  const context = { ...plain, mark };
  return withMemory(context, mark === plain.mark ? read : fromContext(context), known);
}

/** Keys by which lessons about this document are looked up. */
export const vendorKeys = (pages: readonly PageReading[]): string[] =>
  keysOn(buildContext(pages.filter((p) => p.words.length > 0))).map(({ key }) => key);

function fromContext(context: Context): Extraction {
  const language = detectLanguage(context);
  const header: Header = {};
  const notes: ReadingNote[] = [];
  put(header, 'currency', findCurrencies(context));
  const table = readTable(context, findTableHeads(context));
  const { lines, taxRows } = readAmounts(context, table, header);
  const outside = outsideOf(context, table.lines, table.beside);
  readDates(outside, header, notes, language);
  readReferences(outside, header);
  readParties(outside, header);
  put(header, 'documentType', findDocumentTypes(context));
  return { header, lines, taxRows, notes, ...(language ? { language } : {}) };
}

function readAmounts(context: Context, table: Table, header: Header): Pick<Extraction, 'lines' | 'taxRows'> {
  const items = lineItems(table.rows, context.mark);
  const amounts = findAmounts(context, table.lines);
  const taxRows = findTaxRows(context, table.lines);
  const lineSum = sumOfLines(items);
  const till = items.length === 0 ? tillSum(context) : undefined;
  const totals = chooseTotals({ amounts, taxRows, rates: printedRates(context), lineSum, tillSum: till })[0];
  for (const [field, scored] of Object.entries(headerAmounts(amounts, totals, taxRows)) as [HeaderField, Scored[]][])
    put(header, field, scored, scored[0]?.score);
  const [gross, tax] = [totals?.gross?.value, header.taxTotal?.value];
  const untaxed = gross !== undefined && tax !== undefined && !totals?.net ? subtract(gross, tax) : undefined;
  const sums = [totals?.net?.value, gross, header.lineTotalSum?.value, untaxed].filter((v) => v !== undefined);
  const summed = lineSum !== undefined && sums.some((s) => near(s, lineSum, '0.05'));
  const lineOf = (token: { index: number }) => context.layout.lineOf[token.index]?.index ?? -1;
  const net = amounts.find((a) => a.value === totals?.net?.value && a.evidence.has('net'));
  const rows = completedTaxRows(taxRows, net, header.taxTotal?.value);
  const read = readLines(items, summed, lineOf);
  const lines = read.length > 0 || !isSlip(context) ? read : readTillLines(context, sums);
  return { lines: calibrateLines(lines), taxRows: calibrateTaxRows(rows.map(readTaxRow)) };
}

const taxCell = (part: NonNullable<TaxRow['base']>): ReadCell =>
  cellOf([
    { value: part.value, text: part.number.text, tokens: part.number.tokens, score: 0.93, reasons: ['arithmetic'] },
  ]) as ReadCell;

function readTaxRow({ rate, base, amount }: TaxRow, row: number): ReadTaxRow {
  return { row, cells: { rate: taxCell(rate), amount: taxCell(amount), ...(base ? { base: taxCell(base) } : {}) } };
}

function readDates(context: Context, header: Header, notes: ReadingNote[], language: string | undefined): void {
  const found = findDateCandidates(context);
  const evidence = dayOrder(context, language, header.currency?.value);
  const [period] = findPeriods(context, evidence);
  if (period) {
    put(header, 'servicePeriodStart', [period.start]);
    put(header, 'servicePeriodEnd', [period.end]);
  }
  const resolve = (list: (typeof found)['issueDate']) => ranked(list.flatMap((c) => resolveDate(c, evidence)));
  const issue = resolve(found.issueDate);
  put(header, 'issueDate', issue);
  const issued = header.issueDate?.value;
  const due = resolve(found.dueDate).map((s) =>
    issued ? { ...s, score: s.score * plausibleDue(issued, s.value) } : s,
  );
  put(header, 'dueDate', due);
  put(header, 'deliveryDate', resolve(found.deliveryDate));
  for (const field of ['issueDate', 'dueDate', 'deliveryDate'] as const)
    doubt(field, found[field], header, evidence, notes);
}

/** A day and month that could be swapped: no surer than the evidence for their order, and said aloud where there is hardly any. */
function doubt(
  field: DateField,
  candidates: readonly DateCandidate[],
  header: Header,
  evidence: OrderEvidence,
  notes: ReadingNote[],
): void {
  const chosen = header[field];
  const match = candidates.find(
    (c) => chosen && (c.match.dayFirst === chosen.value || c.match.monthFirst === chosen.value),
  )?.match;
  if (!chosen || !match || !isAmbiguous(match)) return;
  header[field] = { ...chosen, confidence: Math.min(chosen.confidence, evidence.trust) };
  if (evidence.trust >= 0.8) return;
  const other = match.dayFirst === chosen.value ? match.monthFirst : match.dayFirst;
  const params = { field, text: match.text, value: chosen.value, other: other ?? '' };
  notes.push({ code: 'DATE_AMBIGUOUS', page: match.page, params });
}

function readReferences(context: Context, header: Header): void {
  put(header, 'invoiceNumber', [...findReferences(context, INVOICE_NUMBER), ...findPrefixed(context)]);
  const number = header.invoiceNumber?.value;
  const other = (list: Scored[]) => list.filter((s) => s.value !== number);
  put(header, 'poNumber', other([...findReferences(context, PO_NUMBER), ...findOrderNumbers(context)]));
  put(header, 'buyerReference', other(findReferences(context, BUYER_REFERENCE)));
  put(header, 'contractRef', other(findReferences(context, CONTRACT)));
  put(header, 'precedingInvoice', other(findReferences(context, PRECEDING)));
  put(header, 'paymentReference', [
    ...findStructuredReferences(context),
    ...findReferences(context, PAYMENT_REFERENCE),
  ]);
  const { payment, discount, exemption } = findTerms(context);
  put(header, 'paymentTerms', payment);
  put(header, 'discountTerms', discount);
  put(header, 'exemptionReason', exemption);
}

function readParties(context: Context, header: Header): void {
  const { vendor, buyer } = findParties(context);
  put(header, 'vendorName', vendor);
  put(header, 'buyerName', buyer);
  put(header, 'vendorAddress', findAddresses(context, vendor[0], buyer[0]));
  put(header, 'buyerAddress', findAddresses(context, buyer[0], vendor[0]));
  put(header, 'deliveryAddress', findDeliveryAddresses(context));
  const payees = findPayees(context).filter((p) => !vendor[0] || !sameName(p.value, vendor[0].value));
  put(header, 'payeeName', payees);
  put(header, 'vendorAccount', findAccounts(context));
  const taxIds = findTaxIds(context, vendor[0]?.tokens, buyer[0]?.tokens);
  put(header, 'vendorTaxId', taxIds.vendor);
  put(header, 'buyerTaxId', taxIds.buyer);
  put(header, 'vendorIban', findIbanCandidates(context, buyer[0]?.tokens));
  put(header, 'vendorBic', findBics(context));
  put(header, 'vendorEmail', findEmails(context, buyer[0]?.tokens));
}
