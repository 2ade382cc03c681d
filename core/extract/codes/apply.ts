/**
 * The payment codes of the pages applied to the fields read from their words. Pure, and the last word on accounts and references: those of a code have check
 * digits and were not recognised letter by letter.
 */
import type { Extraction, PageReading, ReadCell, ReadingNote, ReadTaxRow } from '../../contract/reading.ts';
import { applyAmounts } from './amounts.ts';
import { bare, confirm, offer, reasonOf, take, type Draft, type Placed } from './evidence.ts';
import {
  applyDueDate,
  applyIban,
  applyIssueDate,
  applyNamed,
  applyReference,
  applyTaxId,
  confirmNumber,
} from './fields.ts';
import { applyNames } from './names.ts';
import { parseCode } from './parse.ts';
import type { CodeRate } from './payment.ts';

/** Pages of a hostile file may be full of them. */
const MOST_CODES = 32;

export function withCodes(extraction: Extraction, pages: readonly PageReading[]): Extraction {
  const { codes, notes } = readCodes(pages);
  if (codes.length === 0)
    return notes.length === 0 ? extraction : { ...extraction, notes: [...extraction.notes, ...notes] };
  const draft: Draft = {
    header: { ...extraction.header },
    notes: [...extraction.notes, ...notes],
    print: bare(pages.map((page) => page.words.map((word) => word.text).join('')).join('')),
  };
  const code = mainOf(draft, codes);
  applyCurrency(draft, code);
  applyAmounts(
    draft,
    codes.filter(({ payment }) => payment.iban === code.payment.iban),
  );
  applyPayment(draft, code);
  return { ...extraction, header: draft.header, notes: draft.notes, taxRows: withRates(extraction.taxRows, code) };
}

/** What the codes say otherwise than an e-invoice's XML: the XML stays, a person is told. */
export const codeNotes = (extraction: Extraction, pages: readonly PageReading[]): ReadingNote[] =>
  withCodes({ ...extraction, notes: [] }, pages).notes;

function readCodes(pages: readonly PageReading[]): { codes: Placed[]; notes: ReadingNote[] } {
  const codes: Placed[] = [];
  const notes: ReadingNote[] = [];
  const seen = new Set<string>();
  for (const { page, codes: found = [] } of pages) {
    for (const { text, box } of found) {
      // The same code on a copy or on the slip of each page says nothing new.
      if (seen.has(text) || seen.size >= MOST_CODES) continue;
      seen.add(text);
      const parsed = parseCode(text);
      if (parsed.kind === 'other') continue;
      const scheme = parsed.kind === 'broken' ? parsed.scheme : parsed.payment.scheme;
      const problems = parsed.kind === 'broken' ? [parsed.problem] : parsed.payment.problems;
      for (const problem of problems) notes.push({ code: 'CODE_INVALID', page, params: { scheme, problem } });
      if (parsed.kind === 'payment') codes.push({ payment: parsed.payment, page, box });
    }
  }
  return { codes, notes };
}

/** Of several codes the one that fits the page: by its account, its amount; else the first. */
function mainOf({ header }: Draft, codes: readonly Placed[]): Placed {
  const fits = ({ payment }: Placed): number =>
    (payment.iban !== undefined && payment.iban === header.vendorIban?.value ? 2 : 0) +
    (payment.amount !== undefined && payment.amount === header.grossTotal?.value ? 1 : 0) +
    (payment.iban === undefined ? 0 : 1);
  return codes.reduce((best, code) => (fits(code) > fits(best) ? code : best));
}

function applyPayment(draft: Draft, code: Placed): void {
  const { payment } = code;
  if (payment.iban !== undefined) applyIban(draft, code, payment.iban);
  if (payment.bic !== undefined) applyBic(draft, code, payment.bic);
  if (payment.reference !== undefined) applyReference(draft, code, payment.reference);
  applyNames(draft, code);
  if (payment.invoiceNumber !== undefined) applyNamed(draft, 'invoiceNumber', code, payment.invoiceNumber);
  if (payment.issueDate !== undefined) applyIssueDate(draft, code, payment.issueDate);
  if (payment.vendorTaxId !== undefined) applyTaxId(draft, code, payment.vendorTaxId);
  if (payment.message !== undefined) confirmNumber(draft, code, payment.message);
  applyDueDate(draft, code);
  applyService(draft, code);
}

/** The branch may be left out on one side. */
function applyBic(draft: Draft, code: Placed, bic: string): void {
  const cell = draft.header.vendorBic;
  if (cell === undefined) take(draft, 'vendorBic', code, bic, { confidence: 0.95 });
  else if (cell.value.slice(0, 8) === bic.slice(0, 8)) confirm(draft, 'vendorBic', code);
  else offer(draft, 'vendorBic', code, bic);
}

/** What a code says without an amount is the account's currency at best. */
function applyCurrency(draft: Draft, code: Placed): void {
  const { currency, amount } = code.payment;
  const cell = draft.header.currency;
  if (currency === undefined || amount === undefined) return;
  if (cell?.value === currency) confirm(draft, 'currency', code);
  else if (cell === undefined) take(draft, 'currency', code, currency, { confidence: 0.97 });
  else if (amount === draft.header.amountDue?.value || amount === draft.header.grossTotal?.value)
    take(draft, 'currency', code, currency);
  else applyNamed(draft, 'currency', code, currency);
}

function applyService(draft: Draft, code: Placed): void {
  const { serviceStart: start, serviceEnd: end } = code.payment;
  if (start === undefined || end === undefined) return;
  const { servicePeriodStart, servicePeriodEnd, deliveryDate } = draft.header;
  if (servicePeriodStart !== undefined || servicePeriodEnd !== undefined || deliveryDate !== undefined) return;
  if (start === end) return take(draft, 'deliveryDate', code, start, { confidence: 0.95 });
  take(draft, 'servicePeriodStart', code, start, { confidence: 0.95 });
  take(draft, 'servicePeriodEnd', code, end, { confidence: 0.95 });
}

/** Rates of the code confirm those of the page; where the page gave none, they are its rows, as far as they name what they apply to. */
function withRates(rows: readonly ReadTaxRow[], code: Placed): ReadTaxRow[] {
  const { rates = [] } = code.payment;
  const reason = reasonOf(code);
  if (rows.length > 0)
    return rows.map((row) => {
      const { rate } = row.cells;
      if (rate === undefined || !rates.some((one) => one.rate === rate.value)) return row;
      return { ...row, cells: { ...row.cells, rate: { ...rate, reasons: [...rate.reasons, reason] } } };
    });
  const cell = (value: string): ReadCell => ({
    value,
    text: value,
    page: code.page,
    box: code.box,
    source: 'code',
    confidence: 0.95,
    reasons: [reason],
    candidates: [],
  });
  return rates
    .filter((rate): rate is CodeRate & { base: string } => rate.base !== undefined)
    .map(({ rate, base }, row) => ({ row, cells: { rate: cell(rate), base: cell(base) } }));
}
