/** Accounts, references, numbers and dates of a code against the page. */
import type { HeaderField } from '../../invoice/fields.ts';
import { addDays } from '../../invoice/date.ts';
import { taxIdKey } from '../../invoice/ids.ts';
import { readIban } from './elements.ts';
import {
  bare,
  candidatesOf,
  confirm,
  differs,
  isPrinted,
  offer,
  SURE,
  take,
  type Draft,
  type Placed,
} from './evidence.ts';
import { isQrIban } from './swiss-qr.ts';

/** Checked, but nowhere in print. */
const CODE_ALONE = 0.96;
/** The page shows another account: only a person can say which one is right. */
const CONTESTED = 0.7;
const IN_MESSAGE = 0.97;

/** An account of a code wins: its check digits hold and no letter of it was recognised. */
export function applyIban(draft: Draft, code: Placed, iban: string): void {
  const cell = draft.header.vendorIban;
  const reasons = ['checksum'];
  if (cell?.value === iban) return confirm(draft, 'vendorIban', code);
  const printed = isPrinted(draft, iban);
  const other = cell !== undefined && !printed && readIban(cell.value) !== undefined;
  // A QR-IBAN is a second number of the same account, made for codes: an ordinary IBAN beside it is none the worse.
  const contradicts = other && isQrIban(iban) === isQrIban(cell.value);
  const confidence = contradicts ? CONTESTED : printed ? SURE : CODE_ALONE;
  take(draft, 'vendorIban', code, iban, { confidence, reasons });
  if (contradicts) differs(draft, 'vendorIban', code, iban, cell.value);
}

export function applyReference(draft: Draft, code: Placed, reference: string): void {
  const cell = draft.header.paymentReference;
  if (cell !== undefined && bare(cell.value) === bare(reference)) return confirm(draft, 'paymentReference', code);
  const printed = isPrinted(draft, reference);
  const contradicts = cell !== undefined && !printed && cell.reasons.includes('checksum');
  take(draft, 'paymentReference', code, reference, { confidence: printed ? SURE : CODE_ALONE, reasons: ['checksum'] });
  if (contradicts) differs(draft, 'paymentReference', code, reference, cell.value);
}

/** A value that the code names by what it is (Swico): it confirms, fills, decides among what was read, or contradicts. */
export function applyNamed(draft: Draft, field: HeaderField, code: Placed, value: string, key = bare): void {
  const cell = draft.header[field];
  if (cell === undefined)
    return take(draft, field, code, value, { confidence: isPrinted(draft, value) ? SURE : CODE_ALONE });
  if (key(cell.value) === key(value)) return confirm(draft, field, code);
  const other = candidatesOf(cell).find((c) => key(c.value) === key(value));
  if (other !== undefined) return take(draft, field, code, other.value, { text: other.text });
  if (field === 'invoiceNumber' && isPrinted(draft, value)) return take(draft, field, code, value);
  offer(draft, field, code, value);
  differs(draft, field, code, value, cell.value);
}

/** Swiss ids are printed with the name of the tax in one of the country's languages. */
const taxKey = (value: string): string => (taxIdKey(value) ?? bare(value)).replace(/(MWST|TVA|IVA|VAT)$/, '');

export function applyTaxId(draft: Draft, code: Placed, taxId: string): void {
  const { vendorTaxId, buyerTaxId } = draft.header;
  if (vendorTaxId === undefined && buyerTaxId !== undefined && taxKey(buyerTaxId.value) === taxKey(taxId)) {
    // Read beside the buyer; the code says whose it is.
    draft.header.vendorTaxId = buyerTaxId;
    delete draft.header.buyerTaxId;
  }
  applyNamed(draft, 'vendorTaxId', code, taxId, taxKey);
}

/** Day and month that nothing on the page told apart: the code does. */
export function applyIssueDate(draft: Draft, code: Placed, date: string): void {
  const doubt = draft.notes.findIndex(
    ({ code: note, params }) => note === 'DATE_AMBIGUOUS' && params['field'] === 'issueDate',
  );
  const params = draft.notes[doubt]?.params;
  const decides = params !== undefined && [params['value'], params['other']].includes(date);
  if (decides) draft.notes.splice(doubt, 1);
  if (decides && params['other'] === date) {
    const text = draft.header.issueDate?.text ?? date;
    return take(draft, 'issueDate', code, date, { text });
  }
  applyNamed(draft, 'issueDate', code, date);
}

/** Conditions say days, not a date: they confirm and fill, they do not contradict. */
export function applyDueDate(draft: Draft, code: Placed): void {
  const { dueDate, netDays } = code.payment;
  const issued = draft.header.issueDate?.value;
  const due = dueDate ?? (netDays === undefined || issued === undefined ? undefined : addDays(issued, netDays));
  if (due === undefined) return;
  const cell = draft.header.dueDate;
  if (cell === undefined) take(draft, 'dueDate', code, due, { confidence: 0.95 });
  else if (cell.value === due) confirm(draft, 'dueDate', code);
  else offer(draft, 'dueDate', code, due);
}

/** Free text: a word of it that was read as the invoice's number confirms it; nothing else is taken from it. */
export function confirmNumber(draft: Draft, code: Placed, message: string): void {
  const cell = draft.header.invoiceNumber;
  const said = message.split(/[\s,;:()]+/).map(bare);
  const named = (value: string): boolean => /\d{3}/.test(value) && said.includes(bare(value));
  if (cell === undefined) return;
  if (named(cell.value)) return confirm(draft, 'invoiceNumber', code, IN_MESSAGE);
  const other = candidatesOf(cell).find((c) => named(c.value));
  if (other !== undefined && cell.confidence < 0.9)
    take(draft, 'invoiceNumber', code, other.value, { confidence: IN_MESSAGE, text: other.text });
}
