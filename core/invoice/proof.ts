/**
 * [Note: Accepted unseen]
 * A value may be taken without a look where a person set it, where the reading is surer than ACCEPT, or where something besides its place proves it: the
 * amounts around it add up, its check digits hold, a payment code or an e-invoice's XML says it, the vendor has printed it there before. A proof lifts a value
 * that was read fairly well, never a bad one: check digits say that a number was read right, not that it is this vendor's.
 * Sums are worked out over the values as they stand, so that a correction takes its proof away or gives it.
 */
import type { Cell, Finding, Invoice } from '../contract/invoice.ts';
import { absolute, add, isDecimal, isZero, near, subtract } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import { HEADER_FIELD_NAMES } from './fields.ts';
import type { HeaderField } from './fields.ts';

/** Why a value may be taken unseen; `proof.<name>` in the text catalogue. */
export const PROOFS = [
  'person',
  'xml',
  'code',
  'vendor-memory',
  'arithmetic',
  'tax-rows',
  'sum-of-lines',
  'checksum',
  'confidence',
] as const;
export type Proof = (typeof PROOFS)[number];

/** Of a hundred values this sure at most five are wrong; on real documents it was one (docs/reliability.md). */
export const ACCEPT = 0.95;
/** Under it a proof does not help. */
export const PROVABLE = 0.75;
const CENT: Decimal = '0.02';

/** Findings that say the value itself may be misread; the others ask what to do with it. */
const DOUBTING: ReadonlySet<string> = new Set([
  'INVALID_AMOUNT',
  'INVALID_CURRENCY',
  'INVALID_DATA_STRUCTURE',
  'INVALID_FIELD_FORMAT',
  'INVALID_IBAN',
  'INVALID_TAX_ID',
  'CODE_DIFFERS',
  'BANK_DETAILS_CHANGED',
  'DUE_BEFORE_ISSUE',
  'FUTURE_DATE',
  'TAX_CALCULATION_ERROR',
  'TEXT_LAYER_MISMATCH',
  'TOTAL_MISMATCH',
  'XML_PAGE_MISMATCH',
]);
const doubts = ({ code, variant, severity }: Finding): boolean =>
  severity !== 'info' && (DOUBTING.has(code) || (code === 'LOW_CONFIDENCE' && variant === 'ambiguous-date'));

/** Values with check digits. */
const CHECKED: ReadonlySet<HeaderField> = new Set(['vendorIban', 'vendorTaxId', 'buyerTaxId', 'paymentReference']);

type Read = Pick<Invoice, 'header' | 'lines' | 'taxRows'>;
type Proofs = Partial<Record<HeaderField, readonly Proof[]>>;

export function proofsOf(
  invoice: Read & Pick<Invoice, 'findings'>,
  findings: readonly Finding[] = invoice.findings,
): Proofs {
  const refuted = new Set(
    findings.filter(doubts).flatMap((f) => f.cells.flatMap((c) => (c.entity.type === 'invoice' ? [c.field] : []))),
  );
  const sums = sumsOf(invoice);
  const proofs: Proofs = {};
  for (const field of HEADER_FIELD_NAMES) {
    const cell = invoice.header[field];
    if (!cell || cell.value === null || cell.conflict !== undefined) continue;
    const found = refuted.has(field) && cell.actor === undefined ? [] : ofCell(field, cell, sums);
    if (found.length > 0) proofs[field] = found;
  }
  return proofs;
}

type Sums = Readonly<Record<'arithmetic' | 'tax-rows' | 'sum-of-lines', ReadonlySet<HeaderField>>>;

function ofCell(field: HeaderField, cell: Cell, sums: Sums): Proof[] {
  if (cell.actor !== undefined) return ['person'];
  if (cell.source === 'xml' || cell.source === 'code') return [cell.source];
  const sure = cell.confidence >= ACCEPT;
  if (cell.confidence < PROVABLE) return [];
  const proofs: Proof[] = [];
  if (cell.reasons.some((reason) => reason.startsWith('code:'))) proofs.push('code');
  if (cell.source === 'vendor-memory' && sure) proofs.push('vendor-memory');
  for (const sum of ['arithmetic', 'tax-rows', 'sum-of-lines'] as const) if (sums[sum].has(field)) proofs.push(sum);
  if (CHECKED.has(field) && cell.reasons.includes('checksum')) proofs.push('checksum');
  return sure ? [...proofs, 'confidence'] : proofs;
}

type Amounts = Readonly<Partial<Record<HeaderField, Decimal>>>;

/** An operation, or a reading, of a program that keeps to no form may say anything: it proves nothing, as what is missing. */
const decimalIn = (cell: Cell | undefined): Decimal[] => (cell?.value && isDecimal(cell.value) ? [cell.value] : []);

function sumsOf({ header, lines, taxRows }: Read): Sums {
  const amounts: Amounts = Object.fromEntries(
    Object.entries(header).flatMap(([field, cell]) => decimalIn(cell).map((amount) => [field, amount])),
  );
  return {
    arithmetic: byTotals(amounts, header),
    'tax-rows': byTaxRows(amounts, taxRows),
    'sum-of-lines': byLines(amounts, lines),
  };
}

const byTotals = (amounts: Amounts, header: Invoice['header']): Set<HeaderField> =>
  new Set([...byTax(amounts, header), ...byDeduction(amounts)]);

/** Net and tax make the gross total. Without a tax the two are one number, printed twice at best. */
function byTax(amounts: Amounts, header: Invoice['header']): HeaderField[] {
  const { netTotal: net, taxTotal: tax, grossTotal: gross } = amounts;
  if (net === undefined || tax === undefined || gross === undefined || isZero(tax)) return [];
  const fields = ['netTotal', 'taxTotal', 'grossTotal'] as const;
  // With freight, a discount or a tax withheld between them only the reading knows the rest; a person's correction makes that void.
  const adjusted = fields.every((f) => header[f]?.actor === undefined && header[f]?.reasons.includes('arithmetic'));
  return adjusted || near(add(net, tax), gross, CENT) ? [...fields] : [];
}

/** What is due is the total less what is printed as deducted from it: prepaid, withheld, an agency's commission. */
function byDeduction(amounts: Amounts): HeaderField[] {
  const { grossTotal: gross, amountDue: due, prepaid, withheldTax, allowanceTotal } = amounts;
  if (gross === undefined || due === undefined) return [];
  const cuts = [prepaid, withheldTax, allowanceTotal].filter((cut) => cut !== undefined && !isZero(cut));
  const holds = cuts.some((cut) => near(subtract(gross, absolute(cut ?? '0')), due, CENT));
  return holds ? ['grossTotal', 'amountDue'] : [];
}

type Rows<F extends string> = readonly { readonly cells: Readonly<Partial<Record<F, Cell>>> }[];
const valuesOf = <F extends string>(rows: Rows<F>, field: F): Decimal[] =>
  rows.flatMap(({ cells }) => decimalIn(cells[field]));

/** The rows of the VAT breakdown make net and tax. */
function byTaxRows({ netTotal: net, taxTotal: tax }: Amounts, rows: Invoice['taxRows']): Set<HeaderField> {
  const bases = valuesOf(rows, 'base');
  const taxes = valuesOf(rows, 'amount');
  if (rows.length === 0 || bases.length < rows.length || taxes.length < rows.length) return new Set();
  if (net === undefined || tax === undefined || isZero(tax)) return new Set();
  const holds = near(add(...bases), net, CENT) && near(add(...taxes), tax, CENT);
  return new Set(holds ? (['netTotal', 'taxTotal'] as const) : []);
}

/** The lines make the net total, or the gross total where their prices hold the tax. */
function byLines(amounts: Amounts, lines: Invoice['lines']): Set<HeaderField> {
  const totals = valuesOf(lines, 'lineTotal');
  if (totals.length < 2 || totals.length < lines.length) return new Set();
  const sum = add(...totals);
  return new Set(
    (['lineTotalSum', 'netTotal', 'grossTotal'] as const).filter((field) => {
      const value = amounts[field];
      return value !== undefined && near(value, sum, CENT);
    }),
  );
}

/** Proved by something besides the look of it: nobody needs to look at it again. */
export const hardProof = (proofs: readonly Proof[] | undefined): Proof | undefined =>
  proofs?.find((proof) => proof !== 'confidence' && proof !== 'person');
