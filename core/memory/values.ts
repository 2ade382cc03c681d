/** Values of a field's type on the pages, each with the words it is read from. */
import type { Context } from '../extract/candidates/context.ts';
import type { Token } from '../extract/layout/model.ts';
import { textOf } from '../extract/layout/model.ts';
import { fold } from '../extract/layout/text.ts';
import { valueOf } from '../extract/values/amount.ts';
import { isAmbiguous } from '../extract/values/date.ts';
import { HEADER_FIELDS, type HeaderField } from '../invoice/fields.ts';
import type { Lesson } from './lesson.ts';

export interface Printed {
  readonly value: string;
  readonly text: string;
  readonly tokens: readonly Token[];
}

export type Style = Lesson['style'];

/** `placed`: read anew where the last one stood. `fixed`: the same on every invoice of the vendor. `own`: its own rules. */
export type Nature = 'placed' | 'fixed' | 'none';

const FIXED: ReadonlySet<HeaderField> = new Set<HeaderField>([
  'vendorName',
  'vendorAddress',
  'vendorTaxId',
  'vendorEmail',
  'vendorIban',
  'vendorBic',
  'vendorAccount',
  'payeeName',
  'currency',
  'documentType',
  'buyerName',
  'buyerTaxId',
  'buyerAddress',
  'deliveryAddress',
  'paymentTerms',
  'discountTerms',
  'exemptionReason',
]);

export function natureOf(field: HeaderField): Nature {
  if (FIXED.has(field)) return 'fixed';
  const { type } = HEADER_FIELDS[field];
  return type === 'amount' || type === 'date' || type === 'id' ? 'placed' : 'none';
}

/** The letters and digits of an id: how it was spaced or dashed does not matter. */
export const idKey = (text: string): string => fold(text).replace(/[^a-z0-9]/g, '');

const amounts = (context: Context, style: Style): Printed[] =>
  context.numbers.flatMap((number): Printed[] => {
    const value = number.percent ? undefined : valueOf(number, style.mark ?? context.mark);
    return value === undefined ? [] : [{ value, text: number.text, tokens: number.tokens }];
  });

function dates(context: Context, style: Style): Printed[] {
  return context.dates.flatMap((match): Printed[] => {
    const { dayFirst, monthFirst, text, tokens } = match;
    const of = (value: string | undefined): Printed[] => (value === undefined ? [] : [{ value, text, tokens }]);
    if (!isAmbiguous(match)) return of(dayFirst ?? monthFirst);
    if (style.dayOrder !== undefined) return of(style.dayOrder === 'dayFirst' ? dayFirst : monthFirst);
    return [...of(dayFirst), ...of(monthFirst)];
  });
}

const EDGE = /^[\s#:.,;*'"()[\]<>|=\-–_/]+|[\s:.,;*'"()[\]<>|=\-–_/#]+$/g;
const MAX_RUN = 4;

/** Runs of up to `most` words of a segment that could be a reference: there is a digit in each. */
export function references(context: Context, lengths: readonly number[]): Printed[] {
  return context.layout.lines.flatMap((line) =>
    line.segments.flatMap((segment) =>
      segment.tokens.flatMap((_, i) =>
        lengths.flatMap((length): Printed[] => {
          const tokens = segment.tokens.slice(i, i + length);
          if (tokens.length < length || length > MAX_RUN) return [];
          const text = textOf(tokens);
          const value = text.replace(EDGE, '');
          return /\d/.test(value) ? [{ value, text, tokens }] : [];
        }),
      ),
    ),
  );
}

/** Every value of an amount's or a date's type. */
export const printedValues = (context: Context, field: HeaderField, style: Style): Printed[] =>
  HEADER_FIELDS[field].type === 'date' ? dates(context, style) : amounts(context, style);

/** Letters as A, digits as 9, runs shortened: "RE-2024/017" -> "A-9/9". */
export const formOf = (text: string): string =>
  text
    .replace(/\p{L}+/gu, 'A')
    .replace(/\d+/g, '9')
    .replace(/\s+/g, ' ');
