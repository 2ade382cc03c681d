/** Values that are the same on every invoice of a vendor: who it is, where it is paid. */
import type { Extraction, ReadCell, ReadingNote } from '../contract/reading.ts';
import type { Context } from '../extract/candidates/context.ts';
import type { Token } from '../extract/layout/model.ts';
import { boxOf, textOf } from '../extract/layout/model.ts';
import { editDistance } from '../extract/layout/text.ts';
import { HEADER_FIELD_NAMES, type HeaderField } from '../invoice/fields.ts';
import type { FieldLesson } from './lesson.ts';
import { printed } from './printed.ts';
import { idKey, natureOf } from './values.ts';
import type { Recognised } from './vendor.ts';

type Header = Extraction['header'];

/** Who the vendor is follows from recognising it; all else must be printed here, or have been read wrong in the same way before. */
const OF_THE_VENDOR: ReadonlySet<HeaderField> = new Set<HeaderField>(['vendorName']);
/** May differ from invoice to invoice: taken only where the reader makes the mistake it made before, or found nothing. */
const OFTEN_FIXED: ReadonlySet<HeaderField> = new Set<HeaderField>(['currency', 'documentType']);
const PAYMENT: ReadonlySet<HeaderField> = new Set<HeaderField>(['vendorIban', 'vendorBic', 'vendorAccount']);

interface Constant {
  readonly value: string;
  readonly lessons: number;
  readonly agreed: boolean;
  /** What the reader had made of it, each time that was wrong. */
  readonly mistakes: ReadonlySet<string | null>;
}

/** The value that the lessons hold, the newest one first where they differ. */
function constantOf(known: Recognised, field: HeaderField): Constant | undefined {
  const learnt = known.all.flatMap(({ lesson }): FieldLesson[] => {
    const one = lesson.fields[field];
    return one === undefined ? [] : [one];
  });
  const values = learnt.flatMap((one) => one.value ?? []);
  const value = values[0];
  if (value === undefined) return undefined;
  const mistakes = new Set(learnt.filter((one) => one.value === value && one.was !== value).map((one) => one.was));
  return {
    value,
    lessons: values.filter((one) => one === value).length,
    agreed: values.every((one) => idKey(one) === idKey(value)),
    mistakes,
  };
}

export function rememberFixed(context: Context, header: Header, known: Recognised): ReadingNote[] {
  const notes: ReadingNote[] = [];
  for (const field of HEADER_FIELD_NAMES) {
    if (natureOf(field) !== 'fixed') continue;
    const constant = constantOf(known, field);
    if (constant === undefined) continue;
    if (field === 'vendorIban') notes.push(...rememberIban(context, header, constant));
    else rememberOne(context, header, field, constant);
  }
  return notes;
}

function rememberOne(context: Context, header: Header, field: HeaderField, constant: Constant): void {
  const read = header[field];
  if (read !== undefined && idKey(read.value) === idKey(constant.value)) {
    // The spelling that a person chose stays the vendor's.
    const value = OF_THE_VENDOR.has(field) && constant.agreed ? constant.value : read.value;
    header[field] = {
      ...read,
      value,
      confidence: Math.max(read.confidence, sureness(constant)),
      reasons: [...read.reasons, reason(constant)],
    };
    return;
  }
  const tokens = printed(context, constant.value);
  if (!mayTake(context, field, constant, read, tokens)) return;
  header[field] = cell(constant, tokens, read);
}

function mayTake(
  context: Context,
  field: HeaderField,
  constant: Constant,
  read: ReadCell | undefined,
  tokens: readonly Token[],
): boolean {
  if (OF_THE_VENDOR.has(field)) return constant.agreed || tokens.length > 0;
  const sameMistake = constant.mistakes.has(read?.value ?? null);
  if (OFTEN_FIXED.has(field)) return constant.agreed && (read === undefined || sameMistake);
  if (PAYMENT.has(field) && tokens.length === 0) return false;
  if (tokens.length > 0) return constant.agreed || read === undefined || sameMistake;
  // Read wrong on a scan: close to the known value, letter by letter.
  return read !== undefined && constant.agreed && isClose(context, read.value, constant.value);
}

function isClose(context: Context, read: string, known: string): boolean {
  if (!context.layout.pages.some((page) => page.source === 'ocr')) return false;
  const [a, b] = [idKey(read), idKey(known)];
  const limit = Math.floor(b.length / 5);
  return limit > 0 && editDistance(a, b, limit) <= limit;
}

/** An account that differs from the known one is never replaced: it is shown as a doubt. One that was misread is read by the known one. */
function rememberIban(context: Context, header: Header, constant: Constant): ReadingNote[] {
  const read = header.vendorIban;
  const shown = context.ibans.filter((iban) => iban.valid);
  const same = shown.find((iban) => iban.value === constant.value);
  if (same !== undefined) {
    if (read?.value === constant.value) rememberOne(context, header, 'vendorIban', constant);
    else header.vendorIban = cell(constant, same.tokens, read);
    return [];
  }
  const misread = context.ibans.find((iban) => !iban.valid && editDistance(iban.value, constant.value, 3) <= 3);
  const isScan = misread?.tokens.some((t) => t.source === 'ocr') === true;
  if (shown.length === 0 && misread !== undefined && isScan) {
    header.vendorIban = { ...cell(constant, misread.tokens, read), confidence: 0.85 };
    return [];
  }
  if (read === undefined || read.value === constant.value) return [];
  header.vendorIban = {
    ...read,
    confidence: Math.min(read.confidence, 0.6),
    reasons: [...read.reasons, 'memory-differs'],
  };
  const params = { read: read.value, known: constant.value };
  return [{ code: 'IBAN_DIFFERS_FROM_KNOWN', ...(read.page === undefined ? {} : { page: read.page }), params }];
}

const sureness = ({ lessons, agreed }: Constant): number => (agreed ? (lessons >= 2 ? 0.97 : 0.9) : 0.8);
const reason = ({ lessons }: Constant): string => `memory-fixed:${lessons}`;

function cell(constant: Constant, tokens: readonly Token[], before: ReadCell | undefined): ReadCell {
  const first = tokens[0];
  const place = first === undefined ? {} : { page: first.page, box: boxOf(tokens) };
  const own = {
    value: constant.value,
    text: first === undefined ? '' : textOf(tokens),
    ...place,
    source: 'vendor-memory' as const,
    reasons: [reason(constant)],
  };
  const others = (before?.candidates ?? []).filter((candidate) => candidate.value !== constant.value);
  const confidence = sureness(constant);
  return { ...own, confidence, candidates: [{ ...own, score: confidence }, ...others].slice(0, 6) };
}
