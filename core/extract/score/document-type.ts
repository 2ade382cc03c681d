/** What kind of document this is, by its title: the largest and highest title words win. */
import type { DocumentType } from '../../invoice/fields.ts';
import type { Context } from '../candidates/context.ts';
import { pageOf } from '../candidates/context.ts';
import { isTill } from '../candidates/till.ts';
import type { Label } from '../labels/find.ts';
import { meaningOf } from '../labels/find.ts';
import type { LabelKind } from '../labels/kinds.ts';
import { height } from '../layout/model.ts';
import type { Scored } from './scored.ts';
import { clamp } from './scored.ts';

const TYPES: readonly (readonly [LabelKind, DocumentType])[] = [
  ['titleProForma', 'pro-forma'],
  ['titleCorrection', 'correction'],
  ['titleCreditNote', 'credit-note'],
  ['titleReminder', 'reminder'],
  ['titleOrderConfirmation', 'order-confirmation'],
  ['titleDeliveryNote', 'delivery-note'],
  ['titleStatement', 'statement'],
  ['titleInvoice', 'invoice'],
  ['titleReceipt', 'receipt'],
];

/** Kinds that no bill is: their words also name references ("Delivery note 4711"), so they must stand as a title. */
const NO_BILL: readonly DocumentType[] = ['reminder', 'order-confirmation', 'delivery-note', 'statement'];

/** Narrow, long pages of till rolls. */
const RECEIPT_RATIO = 1.9;
/** Taller than a sheet of paper. */
const TALL_RATIO = 1.5;

/** Only numbers and dates follow: "Invoice 4711", "Rechnung (380) Nr. 12 vom 3.5.2024". */
function onlyNumbersFollow(context: Context, label: Label): boolean {
  const rest = label.segment.tokens.filter((t) => !label.tokens.includes(t));
  return rest.every((t) => {
    const other = context.labelAt.get(t.index);
    const joins = other !== undefined && [...other.kinds].some((k) => k.startsWith('title') || JOINING.has(k));
    return joins || context.taken.has(t.index) || /\d/.test(t.text) || /^\P{L}*$/u.test(t.text) || BETWEEN.test(t.key);
  });
}

const JOINING: ReadonlySet<LabelKind> = new Set(['number', 'invoiceNumber', 'date', 'issueDate']);
const BETWEEN = /^(vom|du|del|de|of|from|van|zu|zur|no|nr|am|dated|original|copie|kopie|copy)$/;

/** A key of a list of keys and values: closed by a colon, or of common size with its value beside it. */
function isKey(context: Context, label: Label, ratio: number): boolean {
  const line = context.layout.lines[label.line];
  const beside = line?.segments.find((s) => s.x0 > label.segment.x1);
  return label.closed || (ratio < 1.2 && beside !== undefined && /\d/.test(beside.text));
}

function titleScore(context: Context, label: Label, type: DocumentType, numbered: boolean): number {
  const page = pageOf(context, 1);
  const y = label.y0 / page.height;
  const ratio = height(label) / Math.max(page.wordHeight, 1);
  const first = label.segment.tokens[0] === label.tokens[0];
  const clean = first && onlyNumbersFollow(context, label);
  const key = isKey(context, label, ratio);
  const form = clean ? (key ? 0.4 : 0.74) : first ? 0.4 : 0.14;
  const size = clamp((ratio - 1) * 0.35, 0, 0.16);
  const place = y < 0.4 ? 0.06 : y < 0.55 ? 0 : -0.3;
  const capitals = clean && /^\P{Ll}+$/u.test(label.text) ? 0.03 : 0;
  const foreign = NO_BILL.includes(type) && numbered && ratio < 1.2 ? -0.3 : 0;
  const agrees = type === 'invoice' && numbered ? 0.06 : 0;
  return clamp(form + size + place + capitals + foreign + agrees, 0, 0.97);
}

/** A title, also one that its number follows at once ("Rechnung Nr. 4711"). */
function typeOf(label: Label): DocumentType | undefined {
  const open = label.kinds.has('invoiceNumber') && !label.closed && label.segment.tokens.length > label.tokens.length;
  const kinds = open ? meaningOf(label.tokens[0]?.text ?? '')?.kinds : label.kinds;
  return TYPES.find(([kind]) => kinds?.has(kind))?.[1];
}

export function findDocumentTypes(context: Context): Scored[] {
  const scored: Scored[] = [];
  const numbered = context.labels.some((l) => l.kinds.has('invoiceNumber'));
  for (const label of context.labels) {
    const type = typeOf(label);
    if (!type || label.page !== 1) continue;
    const score = titleScore(context, label, type, numbered) * (label.fuzzy ? 0.9 : 1);
    if (score > 0.1)
      scored.push({ value: type, text: label.text, tokens: label.tokens, score, reasons: [`label:${label.text}`] });
  }
  const page = context.layout.pages[0];
  const roll = page !== undefined && context.layout.pages.length === 1 && page.height / 1000 > RECEIPT_RATIO;
  const tall = page !== undefined && page.height / 1000 > TALL_RATIO;
  if (roll) scored.push({ value: 'receipt', text: '', tokens: [], score: 0.95, reasons: ['form:till-roll'] });
  else if (isTill(context))
    scored.push({ value: 'receipt', text: '', tokens: [], score: tall ? 0.9 : 0.6, reasons: ['labels'] });
  const number = context.labels.find((l) => l.kinds.has('invoiceNumber'));
  if (number)
    scored.push({
      value: 'invoice',
      text: number.text,
      tokens: number.tokens,
      score: roll ? 0.3 : 0.74,
      reasons: ['labels', `label:${number.text}`],
    });
  return scored;
}
