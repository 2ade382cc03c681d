/** Invoice number, order number and the other references: labels, then shape, then position. */
import type { Label } from '../labels/find.ts';
import type { LabelKind } from '../labels/kinds.ts';
import type { Token } from '../layout/model.ts';
import type { Scored } from '../score/scored.ts';
import { clamp } from '../score/scored.ts';
import { idAt } from '../values/id.ts';
import type { Context } from './context.ts';
import { hasKind, pageOf } from './context.ts';
import type { Place } from './places.ts';
import { placesOf } from './places.ts';

export interface ReferenceRule {
  /** Label kinds with the trust each deserves; the first that a label bears counts. */
  readonly kinds: readonly (readonly [LabelKind, number])[];
  /** Kinds that a label must not bear as well. */
  readonly not?: readonly LabelKind[];
}

const TITLES: readonly LabelKind[] = ['titleInvoice', 'titleCreditNote', 'titleCorrection', 'titleReceipt'];

export const INVOICE_NUMBER: ReferenceRule = {
  kinds: [
    ['invoiceNumber', 0.95],
    ['titleInvoice', 0.6],
    ['titleCreditNote', 0.6],
    ['titleCorrection', 0.6],
    ['titleReceipt', 0.5],
    ['number', 0.4],
  ],
};
export const PO_NUMBER: ReferenceRule = { kinds: [['poNumber', 0.9]] };
export const BUYER_REFERENCE: ReferenceRule = { kinds: [['buyerReference', 0.85]] };
export const CONTRACT: ReferenceRule = { kinds: [['contractRef', 0.85]] };
export const PRECEDING: ReferenceRule = { kinds: [['precedingInvoice', 0.85]] };
export const PAYMENT_REFERENCE: ReferenceRule = { kinds: [['paymentReference', 0.85]] };

function trustOf(rule: ReferenceRule, label: Label): number {
  if (rule.not?.some((k) => label.kinds.has(k))) return 0;
  return rule.kinds.find(([kind]) => label.kinds.has(kind))?.[1] ?? 0;
}

function scored(context: Context, rule: ReferenceRule, label: Label, place: Place): Scored[] {
  const lone = label.segment.tokens.length === label.tokens.length;
  if (label.key.length <= 2 && !label.closed && !lone && !isWholeLine(context, label, place.tokens)) return [];
  let run = place.tokens;
  // "Rechnung Nr. 123", "Invoice (380) No 123": a bracketed code or a number word between title and number.
  while (run[0] && (/^\(\w{1,5}\)$/.test(run[0].text) || isNumberWord(context, run[0].index, label)))
    run = run.slice(1);
  const id = idAt(run);
  const first = id?.tokens[0];
  if (!id || !first || id.tokens.some((t) => isDateWord(context, t.index))) return [];
  let trust = trustOf(rule, label);
  const page = pageOf(context, label.page);
  // "FACTURE" as the title: what stands below it in large letters or small is any value of the head.
  const title = hasKind(label, ...TITLES);
  const isTitle = title && (!label.kinds.has('invoiceNumber') || (place.where === 'below' && !label.closed));
  const alone = label.segment.tokens.length === label.tokens.length;
  // A line of its own on a till roll: "Receipt 004417".
  const numbered =
    label.kinds.has('titleReceipt') && place.where === 'right' && id.shape === 1 && /\d{4}/.test(id.value);
  const tabled = alone && place.where === 'right' && id.shape === 1 && place.tokens.length === id.tokens.length;
  if (numbered) trust = Math.max(trust, 0.68);
  if (isTitle && (place.where === 'below' || !place.sameSegment)) trust *= tabled || numbered ? 1 : 0.55;
  const bare = label.kinds.has('number') && trust < 0.5;
  // "Est/External #": a number word at the end of another label belongs to that label.
  if (bare && label.segment.tokens[0] !== label.tokens[0]) return [];
  if (bare && titleNear(context, label)) trust += 0.25;
  // "No. 15658/2023" on a line of its own.
  else if (bare && isWholeLine(context, label, id.tokens)) trust += 0.15;
  if (label.fuzzy) trust *= 0.92;
  const high = label.page === 1 ? clamp(1 - (label.y0 / page.height) * 0.25, 0.75, 1) : 0.85;
  const score = clamp(trust * place.closeness * (0.25 + 0.75 * id.shape) * high);
  return [
    {
      value: id.value,
      text: id.value,
      tokens: id.tokens,
      score,
      reasons: [`label:${label.text}`, ...(high > 0.9 ? ['position:top'] : [])],
    },
  ];
}

const isWholeLine = (context: Context, label: Label, id: readonly Token[]): boolean =>
  context.layout.lines[label.line]?.tokens.every((t) => label.tokens.includes(t) || id.includes(t) || t.key === '') ===
  true;

function isNumberWord(context: Context, token: number, label: Label): boolean {
  const other = context.labelAt.get(token);
  return other !== undefined && other !== label && other.kinds.has('number') && other.tokens.length === 1;
}

const isDateWord = (context: Context, token: number): boolean =>
  context.dates.some((d) => d.tokens.some((t) => t.index === token));

/** A bare "No." counts for more where the document's title stands on its line or right above. */
function titleNear(context: Context, label: Label): boolean {
  return context.labels.some(
    (other) =>
      other.page === label.page &&
      hasKind(other, ...TITLES) &&
      other.line <= label.line &&
      label.y0 - other.y1 < 2.5 * (label.y1 - label.y0) &&
      Math.abs(other.x0 - label.x0) < 250,
  );
}

/** Prefixes that issuers give their invoice numbers in the seven languages. */
const ISSUED = /^(inv|invoice|bill|rech|rg|re|rnr|gs|fa|fac|fact|facture|fra|ft|fatt|fat|fak|vf|cn|cr)[-/_.#]?\d/i;

/** A number in the head of the first page that says what it is by its own prefix ("INV/2024/0815"), for pages whose label cannot be read. */
export function findPrefixed(context: Context): Scored[] {
  const page = context.layout.pages[0];
  if (!page) return [];
  return page.lines
    .filter((line) => line.y0 < page.height * 0.4)
    .flatMap((line) => line.segments)
    .flatMap((segment): Scored[] => {
      const id = segment.tokens.length <= 2 ? idAt(segment.tokens) : undefined;
      if (!id || !ISSUED.test(id.value) || id.value.replace(/\D/g, '').length < 4) return [];
      return [
        {
          value: id.value,
          text: id.value,
          tokens: id.tokens,
          score: 0.5 * id.shape,
          reasons: ['form:prefix', 'position:top'],
        },
      ];
    });
}

/** The prefix of an order number, with the letter O and the digit as a scan confuses them. */
const ORDERED = /^P[O0]O?[-/ ]?(?=\d{4,}$)/;

/** An order number in the head that says so by its own prefix ("PO-48213"), for pages whose label cannot be read. */
export function findOrderNumbers(context: Context): Scored[] {
  const page = context.layout.pages[0];
  if (!page) return [];
  return page.lines
    .filter((line) => line.y0 < page.height * 0.4)
    .flatMap((line) => line.tokens)
    .flatMap((token): Scored[] => {
      const scan = token.source === 'ocr';
      if (!(scan ? ORDERED : /^PO[-/]?\d{4,}$/).test(token.text)) return [];
      const value = scan ? token.text.replace(/^P[O0]O?(?=[-/ ]?\d{4})/, 'PO') : token.text;
      const reasons = ['form:prefix', 'position:top', ...(value === token.text ? [] : ['mended'])];
      return [{ value, text: token.text, tokens: [token], score: 0.5, reasons }];
    });
}

export function findReferences(context: Context, rule: ReferenceRule): Scored[] {
  return context.labels
    .filter((label) => trustOf(rule, label) > 0)
    .flatMap((label) => placesOf(context, label).flatMap((place) => scored(context, rule, label, place)));
}
