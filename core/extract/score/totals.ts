/**
 * [Note: Joint scoring of the totals]
 * A label alone can mislead ("Subtotal", "Total" of another column, a sum of quantities). So net, tax and gross are chosen together: every pair of a possible net and
 * a possible gross is scored by its labels, by whether net + tax (+ charges - discounts) = gross holds with printed amounts, by the tax rate that would follow, and by
 * the sum of the lines. Amounts that satisfy the arithmetic are right.
 */
import type { Decimal } from '../../invoice/decimal.ts';
import { absolute, add, compare, divide, isZero, multiply, near, negate, subtract } from '../../invoice/decimal.ts';
import type { Amount, AmountRole } from './amounts.ts';
import type { TaxRow } from './tax-rows.ts';

export interface TotalsInput {
  readonly amounts: readonly Amount[];
  readonly taxRows: readonly TaxRow[];
  readonly rates: ReadonlySet<Decimal>;
  readonly lineSum: Decimal | undefined;
  /** What the items of a till add up to, where that sum is printed below them. */
  readonly tillSum?: Decimal | undefined;
}

export interface Totals {
  readonly net: Pick | undefined;
  readonly tax: Pick | undefined;
  readonly gross: Pick | undefined;
  /** net + tax = gross holds among printed amounts. */
  readonly arithmetic: boolean;
  readonly score: number;
}

export interface Pick {
  readonly value: Decimal;
  readonly weight: number;
  readonly reasons: readonly string[];
}

const CENT = '0.02';
const MAX_PER_ROLE = 9;

/** Best evidence for a role by value. */
export function evidenceByValue(amounts: readonly Amount[], role: AmountRole): Map<Decimal, number> {
  const map = new Map<Decimal, number>();
  for (const { value, evidence } of amounts) {
    const weight = evidence.get(role)?.weight ?? 0;
    // Printed several times with the same meaning is a little surer; totals are rarely zero.
    const before = map.get(value);
    const best = Math.max(before ?? 0, weight);
    if (best > 0) map.set(value, before !== undefined && before > 0 && weight > 0 ? Math.min(1.08, best + 0.02) : best);
  }
  return map;
}

const top = (map: ReadonlyMap<Decimal, number>): [Decimal, number][] =>
  [...map.entries()].toSorted((a, b) => b[1] - a[1]).slice(0, MAX_PER_ROLE);

interface World {
  readonly input: TotalsInput;
  readonly net: ReadonlyMap<Decimal, number>;
  readonly tax: ReadonlyMap<Decimal, number>;
  readonly gross: ReadonlyMap<Decimal, number>;
  readonly printed: ReadonlySet<Decimal>;
  /** Amounts whose label says they are something else (discount, cash, carried over). */
  readonly foreign: ReadonlySet<Decimal>;
  readonly adjustments: readonly { readonly value: Decimal; readonly role: AmountRole }[];
  readonly taxSum: Decimal | undefined;
  readonly baseSum: Decimal | undefined;
  readonly largest: Decimal | undefined;
  /** The largest sum that a label clearly calls the total. */
  readonly named: Decimal | undefined;
  /** Totals that other printed amounts prove (cash less change, a total with its rounding), and how much they do. */
  readonly settled: ReadonlyMap<Decimal, number>;
}

const CASH = /cash|bar|contant|especes|efectivo|numerario|tunai|gegeben|tender/;

function settledTotals({ amounts, tillSum }: TotalsInput, printed: ReadonlySet<Decimal>): Map<Decimal, number> {
  const strong = (role: AmountRole) => amounts.filter((a) => (a.evidence.get(role)?.weight ?? 0) >= 0.5);
  const of = (role: AmountRole) => strong(role).map((a) => a.value);
  // A total that is rounded is not the sum of its items.
  const rounds = amounts.some((a) => [...a.evidence.values()].some((e) => e.label.kinds.has('rounding')));
  const exact = tillSum !== undefined && !rounds ? [tillSum] : [];
  const settled = new Map<Decimal, number>(exact.map((sum) => [sum, 0.3]));
  const change = of('change');
  for (const { value: paid, evidence } of strong('tendered')) {
    for (const back of change) {
      const left = subtract(paid, back);
      if (printed.has(left)) settled.set(left, 0.75);
      // The total itself cannot be read: what was kept of the cash is what was owed.
      else if (compare(left, '0') > 0 && !isZero(back)) settled.set(left, 0.6);
    }
    // Cash alone may be a banknote; a card is charged what is due.
    const cash = CASH.test(evidence.get('tendered')?.label.key ?? '');
    if (change.length === 0 && !settled.has(paid)) settled.set(paid, cash ? 0.35 : 0.75);
  }
  for (const rounding of of('rounding').filter((r) => !isZero(r) && compare(absolute(r), '1') < 0)) {
    for (const value of printed) {
      for (const other of [subtract(value, rounding), add(value, rounding)]) {
        // Rounded totals end in a round figure of five or ten cents.
        if (printed.has(other) && /^-?\d+(\.\d?[05]?)?$/.test(value) && !/^-?\d+(\.\d[05]?)?$/.test(other))
          settled.set(value, 0.75);
      }
    }
  }
  return settled;
}

/** Small change that a total is rounded by. */
const ROUNDED_BY = '0.05';

/** "Total 37.44, rounding 0.01, rounded 37.45": where the rounded total is printed, by its label or as what was paid, it is the total. */
function preferRounded(amounts: readonly Amount[], gross: Map<Decimal, number>): void {
  const rounds = amounts.some((a) => [...a.evidence.values()].some((e) => e.label.kinds.has('rounding')));
  if (!rounds) return;
  for (const { value, evidence } of amounts) {
    const named = evidence.get('gross')?.label.kinds.has('rounding') || (evidence.get('tendered')?.weight ?? 0) >= 0.75;
    if (!named || !/^\d+(\.\d[05]?)?$/.test(value)) continue;
    const near5 = [...gross].filter(([g]) => g !== value && near(g, value, ROUNDED_BY) && !/^\d+(\.\d[05]?)?$/.test(g));
    if (near5.length > 0) gross.set(value, Math.max(...near5.map(([, weight]) => weight)) + 0.1);
  }
}

function worldOf(input: TotalsInput): World {
  const net = evidenceByValue(input.amounts, 'net');
  for (const [value, weight] of evidenceByValue(input.amounts, 'base'))
    if ((net.get(value) ?? 0) < weight * 0.4) net.set(value, weight * 0.4);
  for (const [value, weight] of evidenceByValue(input.amounts, 'lineSum'))
    if ((net.get(value) ?? 0) < weight * 0.5) net.set(value, weight * 0.5);
  const tax = evidenceByValue(input.amounts, 'tax');
  const gross = evidenceByValue(input.amounts, 'gross');
  // Where no total is named the subtotal may be all there is.
  if (![...gross.values()].some((weight) => weight >= 0.5))
    for (const [value, weight] of evidenceByValue(input.amounts, 'lineSum'))
      if ((gross.get(value) ?? 0) < weight * 0.3) gross.set(value, weight * 0.3);
  preferRounded(input.amounts, gross);
  const foreign = new Set<Decimal>();
  const adjustments: { value: Decimal; role: AmountRole }[] = [];
  for (const amount of input.amounts) {
    const strongest = [...amount.evidence.entries()].toSorted((a, b) => b[1].weight - a[1].weight)[0];
    if (!strongest) continue;
    const [role] = strongest;
    if (['discount', 'charge', 'rounding', 'withheld'].includes(role)) adjustments.push({ value: amount.value, role });
    if (['discount', 'charge', 'rounding', 'prepaid', 'withheld', 'tendered', 'change', 'other'].includes(role))
      foreign.add(amount.value);
  }
  const proven = input.taxRows.filter((r) => r.proven);
  const printed = new Set(input.amounts.map((a) => a.value));
  const sums = input.taxRows.length > 0 ? add(...input.taxRows.map((r) => r.amount.value)) : undefined;
  const bases = proven.length > 0 ? add(...proven.map((r) => r.base?.value ?? '0')) : undefined;
  const labelled = input.amounts.filter((a) => a.evidence.size > 0 && !foreign.has(a.value));
  const largest = labelled.map((a) => a.value).toSorted((a, b) => compare(absolute(b), absolute(a)))[0];
  return {
    input,
    net,
    tax,
    gross,
    printed,
    foreign,
    adjustments,
    taxSum: sums,
    baseSum: bases,
    largest,
    named: [...gross]
      .filter(([, weight]) => weight >= 0.65)
      .map(([value]) => absolute(value))
      .toSorted((a, b) => compare(b, a))[0],
    settled: settledTotals(input, printed),
  };
}

/** How the difference between gross and net is explained: by a printed tax, by the sum of tax rows, with or without a charge or discount in between. */
function explain(
  world: World,
  net: Decimal,
  gross: Decimal,
): { tax: Decimal | undefined; bonus: number; reasons: string[] } | undefined {
  const difference = subtract(gross, net);
  const match = (want: Decimal): { tax: Decimal | undefined; bonus: number } | undefined => {
    if (isZero(want)) return undefined;
    const printed =
      [...world.tax.keys()].find((t) => near(t, want, CENT) && !world.foreign.has(t)) ??
      [...world.printed].find((t) => near(t, want, CENT) && !world.foreign.has(t));
    if (printed !== undefined) return { tax: printed, bonus: (world.tax.get(printed) ?? 0) > 0.3 ? 0.8 : 0.3 };
    if (world.taxSum !== undefined && near(world.taxSum, want, '0.03')) return { tax: undefined, bonus: 0.7 };
    return undefined;
  };
  const direct = match(difference);
  if (direct) return { ...direct, reasons: ['arithmetic'] };
  if (isZero(difference))
    return { tax: [...world.tax.keys()].find(isZero), bonus: world.taxSum === undefined ? 0.15 : -0.2, reasons: [] };
  for (const { value, role } of world.adjustments) {
    if (isZero(value)) continue;
    const signed =
      role === 'discount' || role === 'withheld'
        ? [negate(absolute(value))]
        : role === 'charge'
          ? [absolute(value)]
          : [value, negate(value)];
    for (const adjustment of signed) {
      const left = match(subtract(difference, adjustment));
      if (left) return { ...left, bonus: left.bonus - 0.15, reasons: ['arithmetic', `adjusted:${role}`] };
    }
  }
  return undefined;
}

function rateBonus(world: World, net: Decimal, tax: Decimal | undefined): number {
  if (tax === undefined || isZero(net) || isZero(tax)) return 0;
  const percent = divide(multiply(tax, '100'), net, 4);
  if (percent === undefined || Number(percent) <= 0 || Number(percent) > 40) return -0.3;
  const exact = [...world.input.rates].some((rate) => {
    const expected = divide(multiply(net, rate), '100', 4);
    return expected !== undefined && near(expected, tax, '0.06');
  });
  return exact ? 0.3 : 0;
}

/** What a discount or a charge makes of the sum of the lines. */
const adjusted = (sum: Decimal, { value, role }: World['adjustments'][number]): Decimal =>
  role === 'discount' ? subtract(sum, absolute(value)) : role === 'charge' ? add(sum, absolute(value)) : sum;

function lineBonus(world: World, net: Decimal, gross: Decimal): number {
  const sum = world.input.lineSum;
  if (sum === undefined || isZero(sum)) return 0;
  if (near(sum, net, '0.05') || world.adjustments.some((a) => near(adjusted(sum, a), net, '0.05'))) return 0.35;
  return near(sum, gross, '0.05') ? 0.2 : 0;
}

function score(world: World, net: [Decimal, number] | undefined, gross: [Decimal, number]): Totals | undefined {
  const [g, grossWeight] = gross;
  const settled = world.settled.get(g) ?? 0;
  if (world.foreign.has(g) && grossWeight < 0.6 && settled === 0) return undefined;
  const size = world.largest !== undefined && near(absolute(g), absolute(world.largest), CENT) ? 0.12 : 0;
  // The sum of one rate adds up as well: below a total that a label names it is none.
  const part = grossWeight < 0.1 && settled === 0 && world.named !== undefined && compare(absolute(g), world.named) < 0;
  const base = grossWeight + size + settled - (isZero(g) ? 0.5 : 0) - (part ? 1 : 0);
  if (!net)
    return {
      net: undefined,
      tax: undefined,
      gross: { value: g, weight: grossWeight, reasons: [] },
      arithmetic: false,
      score: base,
    };
  const [n, netWeight] = net;
  if (isZero(n) && !isZero(g)) return undefined;
  if (
    compare(absolute(n), absolute(g)) > 0 &&
    !world.adjustments.some((a) => a.role === 'discount' || a.role === 'withheld')
  )
    return undefined;
  const explained = explain(world, n, g);
  const taxWeight = explained?.tax === undefined ? 0 : (world.tax.get(explained.tax) ?? 0);
  // No tax is as high as that: net and tax have changed places.
  if (explained?.tax !== undefined && taxWeight < 0.5 && compare(absolute(explained.tax), absolute(n)) > 0)
    return undefined;
  const bonus = explained ? explained.bonus + rateBonus(world, n, explained.tax) : -0.35;
  const bases = world.baseSum !== undefined && near(world.baseSum, n, '0.03') ? 0.2 : 0;
  const total = base + netWeight * 0.8 + taxWeight * 0.3 + bonus + bases + lineBonus(world, n, g);
  const reasons = explained?.reasons ?? [];
  const arithmetic = reasons.includes('arithmetic');
  // An unlabelled net that only the arithmetic supports must be supported by it fully.
  if (netWeight < 0.2 && !(arithmetic && explained && explained.bonus >= 0.7)) return undefined;
  // "Total" alone says nothing about a net: without a tax between them a net needs a label of its own.
  if (!arithmetic && netWeight < 0.4) return undefined;
  return {
    net: { value: n, weight: netWeight, reasons },
    tax: explained?.tax === undefined ? undefined : { value: explained.tax, weight: taxWeight, reasons },
    gross: { value: g, weight: grossWeight, reasons },
    arithmetic,
    score: total,
  };
}

/** Readings of the totals, best first. */
export function chooseTotals(input: TotalsInput): Totals[] {
  const world = worldOf(input);
  const taxed = [...world.printed].filter((value) => !world.foreign.has(value) && !isZero(value)).slice(0, 40);
  const nets = new Map<Decimal, number>(top(world.net));
  const grosses = new Map<Decimal, number>(top(world.gross));
  for (const value of world.settled.keys()) if (!grosses.has(value)) grosses.set(value, 0.15);
  // With a tax that is sure, printed amounts that fit it are worth trying without a label.
  const taxes = [...world.tax.entries()]
    .filter(([value, weight]) => weight > 0.5 && !isZero(value))
    .map(([value]) => value);
  for (const value of taxed) {
    if (!grosses.has(value) && taxes.some((t) => taxed.some((n) => near(add(n, t), value, CENT))))
      grosses.set(value, 0.05);
    if (!nets.has(value) && taxes.some((t) => taxed.some((g) => near(subtract(g, t), value, CENT))))
      nets.set(value, 0.05);
  }
  const found: Totals[] = [];
  for (const gross of grosses) {
    for (const net of [undefined, ...nets]) {
      const totals = score(world, net, gross);
      if (totals) found.push(totals);
    }
  }
  return found.toSorted((a, b) => b.score - a.score);
}
