/** The chosen totals and the other sums of the document as scored candidates per field. */
import type { Decimal } from '../../invoice/decimal.ts';
import { add, compare, isZero, near, subtract } from '../../invoice/decimal.ts';
import type { HeaderField } from '../../invoice/fields.ts';
import type { Amount, AmountRole } from './amounts.ts';
import type { Scored } from './scored.ts';
import { clamp } from './scored.ts';
import type { TaxRow } from './tax-rows.ts';
import { sumOfTaxRows } from './tax-rows.ts';
import type { Pick, Totals } from './totals.ts';

function cellsFor(
  amounts: readonly Amount[],
  role: AmountRole,
  value: Decimal,
): { tokens: Amount['number']['tokens']; text: string; label: string | undefined; mended: boolean } {
  const same = amounts.filter((a) => a.value === value);
  const best = same.toSorted((a, b) => (b.evidence.get(role)?.weight ?? 0) - (a.evidence.get(role)?.weight ?? 0))[0];
  return {
    tokens: best?.number.tokens ?? [],
    text: best?.number.text ?? value,
    label: best?.evidence.get(role)?.label.text,
    mended: best?.number.mended === true,
  };
}

function scoredFor(amounts: readonly Amount[], role: AmountRole, pick: Pick, score: number): Scored {
  const { tokens, text, label, mended } = cellsFor(amounts, role, pick.value);
  return {
    value: pick.value,
    text,
    tokens,
    score: clamp(mended ? score * 0.85 : score, 0, 0.99),
    reasons: [...(label ? [`label:${label}`] : []), ...pick.reasons, ...(mended ? ['mended'] : [])],
  };
}

/** Confidence in one of the three: the label, lifted by arithmetic. */
const strength = (weight: number, arithmetic: boolean): number =>
  clamp(0.3 + 0.5 * Math.min(weight, 1) + (arithmetic ? 0.18 : 0), 0, 0.98);

function rest(amounts: readonly Amount[], role: AmountRole, chosen: Decimal | undefined): Scored[] {
  const seen = new Set<Decimal>(chosen === undefined ? [] : [chosen]);
  return amounts
    .toSorted((a, b) => (b.evidence.get(role)?.weight ?? 0) - (a.evidence.get(role)?.weight ?? 0))
    .flatMap((amount) => {
      const found = amount.evidence.get(role);
      if (!found || seen.has(amount.value)) return [];
      seen.add(amount.value);
      return [
        {
          value: amount.value,
          text: amount.number.text,
          tokens: amount.number.tokens,
          score: clamp(found.weight * 0.5),
          reasons: [`label:${found.label.text}`],
        },
      ];
    })
    .slice(0, 5);
}

/** What was chosen jointly stays first, whatever the others' labels say. */
const below = (others: readonly Scored[], score: number): Scored[] =>
  others.map((other) => ({ ...other, score: Math.min(other.score, score * 0.7) }));

export type AmountFields = Partial<Record<HeaderField, Scored[]>>;

export function headerAmounts(
  amounts: readonly Amount[],
  totals: Totals | undefined,
  taxRows: readonly TaxRow[] = [],
): AmountFields {
  const fields: AmountFields = {};
  const put = (field: HeaderField, role: AmountRole, pick: Pick | undefined, score: number) => {
    if (pick) fields[field] = [scoredFor(amounts, role, pick, score), ...below(rest(amounts, role, pick.value), score)];
  };
  if (totals) {
    const { gross, tax, arithmetic } = totals;
    const net = totals.net ?? lone(amounts, 'net', 0.9);
    if (gross) put('grossTotal', 'gross', gross, strength(gross.weight, arithmetic));
    if (net) put('netTotal', 'net', net, totals.net ? strength(net.weight, arithmetic) : 0.5);
    if (tax) put('taxTotal', 'tax', tax, strength(tax.weight, arithmetic));
    else {
      const labelled = lone(amounts, 'tax', 0.7);
      put('taxTotal', 'tax', labelled, labelled ? Math.min(strength(labelled.weight, false), DISAGREE) : 0);
      const summed = sumOfTaxRows(taxRows, totals);
      if (summed) fields.taxTotal = [summed, ...below(fields.taxTotal ?? [], summed.score)];
    }
    doubtDisagreeing(fields);
  }
  for (const [field, role] of [
    ['lineTotalSum', 'lineSum'],
    ['allowanceTotal', 'discount'],
    ['chargeTotal', 'charge'],
    ['rounding', 'rounding'],
    ['prepaid', 'prepaid'],
    ['withheldTax', 'withheld'],
  ] as const) {
    const pick = lone(amounts, role, 0.6);
    if (pick && !isZero(pick.value)) put(field, role, pick, clamp(pick.weight * 0.75));
  }
  const due = amountDue(amounts, totals);
  if (due) fields.amountDue = [due, ...below(rest(amounts, 'due', due.value), due.score)];
  return fields;
}

/** A wrong total is a finding for a person: what is printed stays, less sure, and each of the three says that they do not add up. */
const DISAGREE = 0.6;

function doubtDisagreeing(fields: AmountFields): void {
  const [net, tax, gross] = (['netTotal', 'taxTotal', 'grossTotal'] as const).map((field) => fields[field]?.[0]);
  if (!net || !tax || !gross || [net, tax, gross].some((s) => s.reasons.includes('arithmetic'))) return;
  if (near(add(net.value, tax.value), gross.value, '0.02')) return;
  for (const field of ['netTotal', 'taxTotal', 'grossTotal'] as const) {
    const doubtful = (scored: Scored): Scored => ({ ...scored, score: Math.min(scored.score, DISAGREE) });
    const [first, ...others] = (fields[field] ?? []).map(doubtful);
    if (first) fields[field] = [{ ...first, reasons: [...first.reasons, 'totals-disagree'] }, ...others];
  }
}

/** The amount whose own strongest meaning is this role; the last one printed, as sums stand below their parts. */
function lone(amounts: readonly Amount[], role: AmountRole, least: number): Pick | undefined {
  const able = amounts.filter((a) => {
    const own = a.evidence.get(role)?.weight ?? 0;
    return own >= least && own >= Math.max(...[...a.evidence.values()].map((e) => e.weight)) - 0.01;
  });
  const best = able.toSorted((a, b) => (b.evidence.get(role)?.weight ?? 0) - (a.evidence.get(role)?.weight ?? 0))[0];
  return best ? { value: best.value, weight: best.evidence.get(role)?.weight ?? 0, reasons: [] } : undefined;
}

/** Paid over the counter: where nothing says otherwise nothing is left to pay. */
const isPaid = (amounts: readonly Amount[]): boolean =>
  amounts.some((a) => (['tendered', 'change'] as const).some((role) => (a.evidence.get(role)?.weight ?? 0) >= 0.5));

function amountDue(amounts: readonly Amount[], totals: Totals | undefined): Scored | undefined {
  const labelled = amounts
    .filter((a) => (a.evidence.get('due')?.weight ?? 0) >= 0.6)
    .toSorted((a, b) => (b.evidence.get('due')?.weight ?? 0) - (a.evidence.get('due')?.weight ?? 0))[0];
  const gross = totals?.gross;
  if (labelled) {
    const found = labelled.evidence.get('due');
    const agrees = gross !== undefined && near(gross.value, labelled.value, '0.005');
    return {
      value: labelled.value,
      text: labelled.number.text,
      tokens: labelled.number.tokens,
      score: clamp(0.42 + 0.4 * (found?.weight ?? 0) + (agrees ? 0.12 : 0)),
      reasons: [`label:${found?.label.text ?? ''}`, ...(agrees ? ['equals:grossTotal'] : [])],
    };
  }
  if (!gross || isPaid(amounts)) return undefined;
  const reduced = afterDeduction(amounts, gross.value);
  if (reduced)
    return {
      value: reduced.value,
      text: reduced.number.text,
      tokens: reduced.number.tokens,
      score: 0.7,
      reasons: ['arithmetic', 'after-deduction'],
    };
  const own = cellsFor(amounts, 'gross', gross.value);
  return {
    value: gross.value,
    text: own.text,
    tokens: own.tokens,
    score: clamp(0.35 + 0.4 * Math.min(1, gross.weight) + (totals.arithmetic ? 0.1 : 0)),
    reasons: ['equals:grossTotal'],
  };
}

/** "Gross 100.00, commission 15.00, net 85.00": what is printed below a deduction and equals the gross less it is what is due. */
function afterDeduction(amounts: readonly Amount[], gross: Decimal): Amount | undefined {
  for (const cut of amounts) {
    const role = ['discount', 'prepaid', 'withheld'].find(
      (r) => (cut.evidence.get(r as AmountRole)?.weight ?? 0) >= 0.6,
    );
    if (!role || isZero(cut.value)) continue;
    const want = subtract(gross, cut.value.replace('-', ''));
    const found = amounts.find(
      (a) => near(a.value, want, '0.02') && a.number.line > cut.number.line && compare(a.value, '0') > 0,
    );
    if (found) return found;
  }
  return undefined;
}
