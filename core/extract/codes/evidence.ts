/** What a code's value does to a field as read: it confirms it, takes its place, fills it, or stands beside it. */
import type { Box, Candidate, ReadCell, ReadingNote } from '../../contract/reading.ts';
import type { HeaderField } from '../../invoice/fields.ts';
import type { Payment } from './payment.ts';

export type Header = Partial<Record<HeaderField, ReadCell>>;

/** A payment code and where it stands. */
export interface Placed {
  readonly payment: Payment;
  readonly page: number;
  readonly box: Box;
}

/** The reading so far: the steps change it field by field. */
export interface Draft {
  readonly header: Header;
  readonly notes: ReadingNote[];
  /** Letters and digits of all words, for "is it printed at all?". */
  readonly print: string;
}

export const SURE = 0.99;
const MAX_CANDIDATES = 6;

export const reasonOf = ({ payment }: Placed): string => `code:${payment.scheme}`;

/** Letters and digits alone, upper case: how values of a code are looked for in print. */
export const bare = (text: string): string => text.toUpperCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

export const isPrinted = (draft: Draft, value: string): boolean => draft.print.includes(bare(value));

const withReason = <T extends { readonly reasons: string[] }>(of: T, reason: string): T =>
  of.reasons.includes(reason) ? of : { ...of, reasons: [...of.reasons, reason] };

/** Print and code agree. */
export function confirm(draft: Draft, field: HeaderField, code: Placed, confidence = SURE): void {
  const cell = draft.header[field];
  if (cell === undefined) return;
  const reason = reasonOf(code);
  draft.header[field] = {
    ...withReason(cell, reason),
    confidence: Math.max(cell.confidence, confidence),
    candidates: cell.candidates.map((c) => (c.value === cell.value ? withReason(c, reason) : c)),
  };
}

function candidateOf(code: Placed, value: string, text: string, score: number, reasons: readonly string[]): Candidate {
  return { value, text, page: code.page, box: code.box, source: 'code', score, reasons: [reasonOf(code), ...reasons] };
}

interface Filling {
  readonly confidence?: number;
  readonly reasons?: readonly string[];
  readonly text?: string;
}

/** The code's value becomes the field's; what was read stays a candidate, and where it was read the same value keeps its place in print. */
export function take(draft: Draft, field: HeaderField, code: Placed, value: string, filling: Filling = {}): void {
  const { confidence = SURE, reasons = [], text = value } = filling;
  const before = draft.header[field];
  const others = before === undefined ? [] : candidatesOf(before);
  const printed = others.find((c) => c.value === value);
  const own =
    printed === undefined
      ? candidateOf(code, value, text, confidence, reasons)
      : withReason({ ...printed, score: Math.max(printed.score, confidence) }, reasonOf(code));
  const { score: _, ...place } = own;
  draft.header[field] = {
    ...place,
    confidence,
    candidates: [own, ...others.filter((c) => c.value !== value)].slice(0, MAX_CANDIDATES),
  };
}

/** Print stays; the code's value is offered beside it. */
export function offer(draft: Draft, field: HeaderField, code: Placed, value: string): void {
  const cell = draft.header[field];
  if (cell === undefined || candidatesOf(cell).some((c) => c.value === value)) return;
  const [first, ...others] = candidatesOf(cell);
  const own = candidateOf(code, value, value, Math.min(cell.confidence, 0.5), []);
  draft.header[field] = {
    ...cell,
    candidates: [...(first === undefined ? [] : [first]), own, ...others].slice(0, MAX_CANDIDATES),
  };
}

/** Cells of which there was no choice list none: the value itself is the only one. */
export const candidatesOf = (cell: ReadCell): Candidate[] => {
  if (cell.candidates.length > 0) return cell.candidates;
  const { confidence, candidates: _, ...place } = cell;
  return [{ ...place, score: confidence }];
};

export function differs(draft: Draft, field: HeaderField, code: Placed, value: string, print: string): void {
  const params = { field, code: value, print, scheme: code.payment.scheme };
  draft.notes.push({ code: 'CODE_DIFFERS', page: code.page, params });
}
