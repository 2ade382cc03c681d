/** What kind of document this is, by its title: the largest and highest title words win. */
import type { DocumentType } from '../../invoice/fields.ts';
import type { Context } from '../candidates/context.ts';
import { pageOf } from '../candidates/context.ts';
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

/** Narrow, long pages of till rolls. */
const RECEIPT_RATIO = 1.9;

export function findDocumentTypes(context: Context): Scored[] {
  const scored: Scored[] = [];
  for (const label of context.labels) {
    const type = TYPES.find(([kind]) => label.kinds.has(kind))?.[1];
    if (!type || label.page !== 1) continue;
    const page = pageOf(context, 1);
    const y = label.y0 / page.height;
    const alone = label.segment.tokens.length === label.tokens.length;
    const size = clamp((height(label) / Math.max(page.wordHeight, 1) - 1) * 0.3, 0, 0.3);
    const first = label.segment.tokens[0] === label.tokens[0];
    const score = clamp((alone ? 0.6 : first ? 0.42 : 0.15) + size - y * 0.5, 0, 0.97);
    if (score > 0.1)
      scored.push({ value: type, text: label.text, tokens: label.tokens, score, reasons: [`label:${label.text}`] });
  }
  const page = context.layout.pages[0];
  if (page && context.layout.pages.length === 1 && page.height / 1000 > RECEIPT_RATIO)
    scored.push({ value: 'receipt', text: '', tokens: [], score: 0.72, reasons: ['form:till-roll'] });
  if (context.labels.some((l) => l.kinds.has('invoiceNumber')))
    scored.push({ value: 'invoice', text: '', tokens: [], score: 0.3, reasons: ['labels'] });
  return scored;
}
