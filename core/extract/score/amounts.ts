/** What each amount on the pages could be, by the labels to its left and above it. */
import type { Decimal } from '../../invoice/decimal.ts';
import type { Context } from '../candidates/context.ts';
import type { Label } from '../labels/find.ts';
import type { LabelKind } from '../labels/kinds.ts';
import type { Line, Rect, Token } from '../layout/model.ts';
import { bounds, overlapX, textOf } from '../layout/model.ts';
import { fold } from '../layout/text.ts';
import type { NumberMatch } from '../values/amount.ts';
import { hasCents, valueOf } from '../values/amount.ts';
import { pageOf } from '../candidates/context.ts';

export const AMOUNT_ROLES = [
  'net',
  'tax',
  'gross',
  'due',
  'lineSum',
  'prepaid',
  'discount',
  'charge',
  'rounding',
  'withheld',
  'base',
  'tendered',
  'change',
  'other',
] as const;
export type AmountRole = (typeof AMOUNT_ROLES)[number];

export interface Amount {
  readonly number: NumberMatch;
  readonly value: Decimal;
  /** Evidence 0..1 for each role, and the label that gave it. */
  readonly evidence: ReadonlyMap<AmountRole, { readonly weight: number; readonly label: Label }>;
  readonly rect: Rect;
}

const WEIGHTS: Partial<Record<LabelKind, Partial<Record<AmountRole, number>>>> = {
  netTotal: { net: 1, base: 0.5 },
  taxTotal: { tax: 1 },
  grossTotal: { gross: 1, due: 0.25 },
  total: { gross: 0.8, net: 0.2, due: 0.2 },
  amountDue: { due: 1, gross: 0.7 },
  subtotal: { lineSum: 0.9, net: 0.6 },
  lineTotalSum: { lineSum: 1, net: 0.3 },
  prepaid: { prepaid: 1 },
  discount: { discount: 1 },
  charge: { charge: 1 },
  rounding: { rounding: 1 },
  withheldTax: { withheld: 1 },
  taxBase: { base: 1, net: 0.45 },
  tendered: { tendered: 1 },
  change: { change: 1 },
  otherAmount: { other: 1 },
  carryOver: { other: 1 },
};
const AMOUNT_KINDS = new Set(Object.keys(WEIGHTS));

export const isAmountLabel = (label: Label): boolean => [...label.kinds].some((k) => AMOUNT_KINDS.has(k));

type Evidence = Map<AmountRole, { weight: number; label: Label }>;

/** "Invoice total ... excl. VAT" is a net, "Net ... incl. VAT" a gross. */
const modified = (role: AmountRole, modifier: Modifier): AmountRole => {
  if (modifier === 'without' && role === 'gross') return 'net';
  return modifier === 'within' && role === 'net' ? 'gross' : role;
};

function give(evidence: Evidence, label: Label, share: number, modifier?: Modifier): void {
  for (const kind of label.kinds) {
    for (const [plain, weight] of Object.entries(WEIGHTS[kind] ?? {}) as [AmountRole, number][]) {
      const role = kind === 'amountDue' ? plain : modified(plain, modifier);
      const value = weight * share * (label.fuzzy ? 0.9 : 1);
      if (value > (evidence.get(role)?.weight ?? 0)) evidence.set(role, { weight: value, label });
    }
  }
}

const TAX_WORD =
  '(mwst|ust|umsatzsteuer|mehrwertsteuer|steuern?|vat|tax(es)?|gst|hst|tva|taxes?|btw|iva|impuestos?|imposte?|impostos?)';
const WITHOUT = new RegExp(
  `(^|[^a-z])(exkl|excl|exclusive|excluding|ex|ohne|vor|hors|sans|sin|senza|escl|esclusa|sem|zonder|before|without|less|zzgl|zuzugl|plus|\\+)[^a-z0-9]*(of |de |d\\. ?)?([\\d.,]+ ?% ?)?(ges|gesetzl|the )?[^a-z]*${TAX_WORD}|(^|[^a-z])(netto|net|ht|h\\.t|hors taxes)($|[^a-z])`,
);
const WITHIN = new RegExp(
  `(^|[^a-z])(inkl|incl|inclusive|including|inc|einschl|mit|ttc|t\\.t\\.c|toutes taxes comprises|con|incluidos?|inclusa|inclus[oi]?|com|with|after)[^a-z0-9]*(of |de )?([\\d.,]+ ?% ?)?(ges|gesetzl|the )?[^a-z]*${TAX_WORD}|(^|[^a-z])(brutto|gross|ttc|tvac|ivato)($|[^a-z])`,
);

/** A label that may stand between a sum's label and its amount without changing what is summed. */
const isSumWord = (context: Context, token: Token): boolean => {
  const label = context.labelAt.get(token.index);
  return label !== undefined && (isAmountLabel(label) || label.kinds.has('currency'));
};

type Modifier = 'without' | 'within' | undefined;

/** "Total (excl. VAT)", "Summe ohne USt.": what stands between a sum's label and its amount says whether tax is in it. */
function modifierOf(line: Line, label: Label, until: Token): Modifier {
  const text = fold(textOf(line.tokens.filter((t) => t.x0 >= label.x1 - 1 && t.x1 <= until.x0 + 1)));
  if (WITHIN.test(text)) return 'within';
  return WITHOUT.test(text) ? 'without' : undefined;
}

/** A tax word in brackets or after "incl."/"excl." only qualifies the label before it. */
function isModifier(line: Line, label: Label): boolean {
  if (!label.kinds.has('taxTotal')) return false;
  const before = line.tokens.filter((t) => t.x1 <= label.x0 + 1).slice(-3);
  const first = line.segments.some((s) => s.tokens[0] === label.tokens[0]);
  if ((label.tokens[0]?.text ?? '').startsWith('(') && !first) return true;
  const opened = before.findLastIndex((t) => t.text.startsWith('('));
  const closed = before.findLastIndex((t) => t.text.endsWith(')'));
  if (
    opened > closed &&
    before.length > opened &&
    !line.segments.some((s) => s.tokens[0] === before[opened] && line.tokens[0] === before[opened])
  )
    return true;
  return /^(exkl|excl|ohne|hors|sans|sin|senza|escl|sem|zonder|inkl|incl|including|excluding|inclusive|exclusive|einschl|inc|ex)$/.test(
    before.at(-1)?.key ?? '',
  );
}

/** "VAT in total", "USt. gesamt", "IVA totale": the total of the tax, not of the document. */
function sumOfTax(labels: readonly Label[]): Label | undefined {
  const [before, last] = labels.slice(-2);
  if (!before || !last || before.segment !== last.segment || !before.kinds.has('taxTotal')) return undefined;
  return last.kinds.has('total') && last.x0 - before.x1 < last.y1 - last.y0 ? before : undefined;
}

/** The nearest sum label to the left on the line; words of another kind between weaken it, and in "VAT 7 % of 100.00 7.00" the last amount is the tax, the first its base. */
function fromLeft(
  context: Context,
  line: Line,
  number: NumberMatch,
  amounts: readonly NumberMatch[],
  evidence: Evidence,
): boolean {
  const first = number.tokens[0] as Token;
  const labels = (context.labelsOfLine.get(line.index) ?? []).filter(
    (l) => l.x1 <= first.x0 + 2 && isAmountLabel(l) && !isModifier(line, l),
  );
  const label = sumOfTax(labels) ?? labels.at(-1);
  if (!label) return false;
  const between = line.tokens.filter(
    (t) => t.x0 >= label.x1 - 1 && t.x1 <= first.x0 + 1 && !isSumWord(context, t) && /[a-z]{3}/.test(t.key),
  );
  const words = between.filter(
    (t) =>
      !/^(eur|euro|euros|usd|gbp|chf|myr|inkl|incl|excl|exkl|auf|von|sur|over|the|mwst|ust|vat|tva|btw|iva|gst|pct)$/.test(
        t.key,
      ) && !/\d/.test(t.key),
  );
  const after = amounts.filter((n) => (n.tokens[0]?.x0 ?? 0) >= label.x1 - 2);
  const place = after.indexOf(number);
  const isLast = place === after.length - 1;
  const share = (words.length === 0 ? 1 : words.length <= 2 ? 0.75 : 0.4) * (isLast || after.length === 1 ? 1 : 0.5);
  // "Net ... Tax ... Gross" side by side share one label only by accident; a base before its tax is told by the tax label.
  if (label.kinds.has('taxTotal') && !isLast && after.length > 1) {
    evidence.set('base', { weight: 0.6, label });
    return true;
  }
  // "Total 6 % supplies": the sum of one rate.
  const next = line.tokens.find((t) => t.x0 >= label.x1 - 1);
  const ofRate = next !== undefined && /^\d{1,2}([.,]\d)?%$/.test(next.text) && label.kinds.has('total');
  // The head of the whole line ("Total" before several columns) says little: the columns' heads decide.
  give(evidence, label, ofRate ? share * 0.5 : share, modifierOf(line, label, first));
  if (ofRate) evidence.set('other', { weight: 0.6, label });
  return true;
}

/** The column head above, through other amounts of the column, but not through other text. */
function fromAbove(context: Context, number: NumberMatch, rect: Rect, evidence: Evidence, hasLeft: boolean): void {
  const page = pageOf(context, number.page);
  const h = page.wordHeight;
  const position = page.lines.findIndex((l) => l.index === number.line);
  let y = rect.y0;
  for (let i = position - 1; i >= 0 && i > position - 14; i--) {
    const line = page.lines[i] as Line;
    if (line.y1 > rect.y0 + h * 0.3) continue;
    if (y - line.y1 > h * 3) return;
    const hits = line.tokens.filter((t) => overlapX(t, rect) > Math.min(t.x1 - t.x0, rect.x1 - rect.x0) * 0.15);
    if (hits.length === 0) {
      // A label that is shifted a little from its column of figures.
      const near = (context.labelsOfLine.get(line.index) ?? []).find(
        (l) => isAmountLabel(l) && overlapX(l.segment, rect) > 0 && l.segment.tokens.length === l.tokens.length,
      );
      if (!near) continue;
      give(evidence, near, hasLeft ? 0.5 : 0.8);
      return;
    }
    y = line.y0;
    const label = hits.map((t) => context.labelAt.get(t.index)).find((l) => l !== undefined);
    if (label && isAmountLabel(label)) {
      const headsRow = (context.labelsOfLine.get(line.index) ?? []).filter(isAmountLabel).length >= 2;
      give(evidence, label, hasLeft && !headsRow ? 0.4 : headsRow ? 0.9 : 0.75);
      return;
    }
    if (hits.some((t) => /[a-z]{3}/.test(t.key) && !/\d/.test(t.key) && !/^(eur|euro|usd|gbp|chf)$/.test(t.key)))
      return;
  }
}

/** "54,87 € HT", "62,86 TTC": French says after the amount whether tax is in it. */
function fromRight(context: Context, line: Line, number: NumberMatch, evidence: Evidence): void {
  const last = number.tokens.at(-1) as Token;
  const next = line.tokens.find((t) => t.x0 >= last.x1 - 1 && t.x0 - last.x1 < (last.y1 - last.y0) * 1.2);
  const label = next ? context.labelAt.get(next.index) : undefined;
  if (label && (label.key === 'ht' || label.key === 'ttc' || label.key === 'htva' || label.key === 'tvac'))
    give(evidence, label, 0.8);
}

export function findAmounts(context: Context, tableLines: ReadonlySet<number>): Amount[] {
  const mostlyCents = context.numbers.filter(hasCents).length >= 3;
  return context.layout.lines.flatMap((line) => {
    const numbers = (context.numbersOfLine.get(line.index) ?? []).filter((n) => !n.percent);
    const money = numbers.some((n) => hasCents(n) || n.currency)
      ? numbers.filter((n) => hasCents(n) || n.currency !== undefined)
      : numbers;
    return money.flatMap((number): Amount[] => {
      const value = valueOf(number, context.mark);
      // A long whole number without a currency is a registration, not money.
      const whole = !hasCents(number) && number.currency === undefined;
      if (value === undefined || value.length > 15 || (whole && (/^0\d/.test(number.digits) || value.length > 8)))
        return [];
      const rect = bounds(number.tokens);
      const evidence: Evidence = new Map();
      if (!tableLines.has(line.index)) {
        const hasLeft = fromLeft(context, line, number, money, evidence);
        fromAbove(context, number, rect, evidence, hasLeft);
        fromRight(context, line, number, evidence);
      }
      // Among amounts with cents a bare whole number beside a sum's label is a count or a rate.
      // An adjustment by rounding is small change; a larger sum beside the word is the rounded total.
      const rounded = evidence.get('rounding');
      if (rounded && Math.abs(Number(value)) >= 1) {
        evidence.delete('rounding');
        evidence.set('gross', { ...rounded, weight: rounded.weight * 0.8 });
      }
      if (mostlyCents && whole) for (const found of evidence.values()) found.weight *= 0.5;
      const worth = hasCents(number) || number.currency !== undefined || evidence.size > 0;
      return worth ? [{ number, value, evidence, rect }] : [];
    });
  });
}
