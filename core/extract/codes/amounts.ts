/**
 * The amount of a code and the printed totals. A code says what is to be paid now: the amount due, which mostly is the total. Print that adds up is not
 * overruled; print that was recognised from pixels and does not add up is.
 */
import type { ReadCell } from '../../contract/reading.ts';
import { add, near } from '../../invoice/decimal.ts';
import { candidatesOf, confirm, differs, offer, SURE, take, type Draft, type Placed } from './evidence.ts';

/** Swiss payments are rounded to five centimes. */
const COINS = '0.04';
/** Taken from the code alone, where no total was read. */
const ALONE = 0.93;
const TOTALS = ['amountDue', 'grossTotal'] as const;

export function applyAmounts(draft: Draft, codes: readonly Placed[]): void {
  const { header } = draft;
  const asked = codes.filter(({ payment }) => payment.amount !== undefined && payment.amount !== '0');
  const [code] = asked;
  if (code === undefined) return;
  const currency = header.currency?.value;
  if (
    currency !== undefined &&
    asked.some(({ payment }) => payment.currency !== undefined && payment.currency !== currency)
  )
    return;
  const amounts = new Set(asked.map(({ payment }) => payment.amount ?? '0'));
  // One code for each instalment: their sum is what is due; each by itself is no contradiction.
  const all = add(...asked.map(({ payment }) => payment.amount ?? '0'));
  const wanted = [...amounts, all];
  const agreed = TOTALS.filter((field) => wanted.includes(header[field]?.value ?? ''));
  for (const field of agreed) confirm(draft, field, code);
  const value = code.payment.amount ?? '0';
  if (agreed.includes('amountDue')) return;
  if (agreed.includes('grossTotal')) return dueBesideTotal(draft, code);
  if (asked.length > 1 && amounts.size > 1) return;
  decide(draft, code, value);
}

/** The code asks for the total: so that is due, unless the page says that part of it is paid. */
function dueBesideTotal(draft: Draft, code: Placed): void {
  const { header } = draft;
  const [gross, due] = [header.grossTotal, header.amountDue];
  if (gross === undefined) return;
  if (due === undefined) return take(draft, 'amountDue', code, gross.value, { text: gross.text });
  offer(draft, 'amountDue', code, gross.value);
  differs(draft, 'amountDue', code, gross.value, due.value);
}

const addsUp = (cell: ReadCell | undefined): boolean =>
  cell !== undefined && cell.reasons.some((reason) => /^(arithmetic|sum-of-lines|adjusted)/.test(reason));

const isOffered = (cell: ReadCell | undefined, value: string): boolean =>
  cell !== undefined && candidatesOf(cell).some((c) => c.value === value);

/** None of the totals is what the code asks for. */
function decide(draft: Draft, code: Placed, value: string): void {
  const { header } = draft;
  const { amountDue: due, grossTotal: gross } = header;
  const shown = due ?? gross;
  if (shown === undefined) {
    for (const field of TOTALS) take(draft, field, code, value, { confidence: ALONE });
    return;
  }
  if (header.currency?.value === 'CHF' && near(shown.value, value, COINS)) return take(draft, 'amountDue', code, value);
  const misread = [due, gross].every((cell) => cell === undefined || (cell.source === 'ocr' && !addsUp(cell)));
  if (isOffered(gross, value) && !addsUp(gross)) {
    for (const field of TOTALS) take(draft, field, code, value);
    return;
  }
  // Printed as well, beside a total that adds up: a part of it is due.
  if (isOffered(due, value)) return take(draft, 'amountDue', code, value, { confidence: SURE });
  if (misread) for (const field of TOTALS) take(draft, field, code, value, { confidence: ALONE });
  else for (const field of TOTALS) offer(draft, field, code, value);
  differs(draft, due === undefined ? 'grossTotal' : 'amountDue', code, value, shown.value);
}
