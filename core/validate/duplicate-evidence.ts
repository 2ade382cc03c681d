/** How alike two invoices are: the evidence both duplicate rules judge by. */
import type { Invoice } from '../contract/invoice.ts';
import { daysBetween, isIsoDate } from '../invoice/date.ts';
import { isClosed } from '../invoice/transitions.ts';
import { compare, isDecimal } from '../invoice/decimal.ts';
import { exactNumberKey, nameKey, numberKey, taxIdKey } from '../invoice/ids.ts';
import { value } from './read.ts';
import type { DuplicateCandidate, RuleContext } from './rule.ts';

/** A person has passed these on: whatever comes after is the second one. */
const PASSED = new Set(['confirmed', 'approved', 'staged', 'exported']);

export interface Evidence {
  readonly other: DuplicateCandidate;
  readonly vendor: 'same' | 'similar' | 'unknown' | 'different';
  /** `exact`: as printed; `key`: but for signs, zeros, O/0; `close`: one character differs. */
  readonly number: 'exact' | 'key' | 'close' | 'unknown' | 'different';
  readonly sameAmount: boolean;
  /** The same bytes, and the same invoice of those that are in them. */
  readonly sameFile: boolean;
  /** Days between both invoice dates; undefined where one is unknown. */
  readonly days: number | undefined;
  /** The other one came in after this one and nobody has passed it on: the doubt belongs to the other. */
  readonly later: boolean;
}

export function evidence(invoice: Invoice, context: RuleContext): Evidence[] {
  const apart = new Set((invoice.duplicates ?? []).flatMap(({ other, kind }) => (kind === 'not' ? [other] : [])));
  return (
    context.duplicateCandidates
      // To be like one that nobody pays is no danger; of what a person called two, nobody asks again.
      .filter((other) => other.id !== invoice.id && !isClosed(other.status) && !apart.has(other.id))
      .map((other) => ({
        other,
        vendor: vendorLikeness(invoice, other),
        number: numberLikeness(value(invoice, 'invoiceNumber'), other.invoiceNumber),
        sameAmount: sameAmount(invoice, other),
        sameFile: other.documentSha === invoice.document.sha256 && other.part === invoice.part,
        days: days(value(invoice, 'issueDate'), other.issueDate),
        later: cameLater(invoice, other) && !PASSED.has(other.status),
      }))
  );
}

/** By arrival, then by id: of two that came in the same instant exactly one is the later. */
function cameLater(invoice: Invoice, other: DuplicateCandidate): boolean {
  if (other.createdAt === undefined) return false;
  return other.createdAt === invoice.createdAt ? other.id > invoice.id : other.createdAt > invoice.createdAt;
}

function vendorLikeness(invoice: Invoice, other: DuplicateCandidate): Evidence['vendor'] {
  const names = [nameKey(value(invoice, 'vendorName')), nameKey(other.vendorName)] as const;
  const ids = [taxIdKey(value(invoice, 'vendorTaxId')), taxIdKey(other.vendorTaxId)] as const;
  if (ids[0] !== null && ids[0] === ids[1]) return 'same';
  if (names[0] === null || names[1] === null) return 'unknown';
  if (names[0] === names[1]) return 'same';
  return alike(names[0], names[1]) ? 'similar' : 'different';
}

/** One name within the other, or one letter in eight misread. */
function alike(a: string, b: string): boolean {
  if (a.startsWith(`${b} `) || b.startsWith(`${a} `)) return true;
  const [x, y] = [a.replaceAll(' ', ''), b.replaceAll(' ', '')];
  return x === y || distance(x, y) <= Math.floor(Math.min(x.length, y.length) / 8);
}

function numberLikeness(a: string | null, b: string | null): Evidence['number'] {
  const exact = [exactNumberKey(a), exactNumberKey(b)] as const;
  if (exact[0] === null || exact[1] === null) return 'unknown';
  if (exact[0] === exact[1]) return 'exact';
  const keys = [numberKey(a) ?? '', numberKey(b) ?? ''] as const;
  if (keys[0] === keys[1]) return 'key';
  return Math.min(keys[0].length, keys[1].length) >= 5 && distance(keys[0], keys[1]) === 1 ? 'close' : 'different';
}

function sameAmount(invoice: Invoice, other: DuplicateCandidate): boolean {
  const gross = value(invoice, 'grossTotal');
  if (gross === null || other.grossTotal === null || !isDecimal(gross) || !isDecimal(other.grossTotal)) return false;
  const currencies = [value(invoice, 'currency'), other.currency];
  const sameCurrency = currencies.includes(null) || currencies[0] === currencies[1];
  return sameCurrency && compare(gross, other.grossTotal) === 0;
}

function days(a: string | null, b: string | null): number | undefined {
  return a !== null && b !== null && isIsoDate(a) && isIsoDate(b) ? Math.abs(daysBetween(a, b)) : undefined;
}

/** Edits between two texts (Damerau-Levenshtein, neighbours swapped count once). */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}
