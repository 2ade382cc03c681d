/**
 * What one confirmed invoice taught about its vendor: by which keys the vendor is known again, where each value stood and beside which words, and how the
 * vendor writes numbers and dates. A lesson is the content of one operation and never changes; several lessons of a vendor are weighed together.
 */
import { z } from 'zod';
import { Box, PageReading } from '../contract/reading.ts';
import { HEADER_FIELD_NAMES } from '../invoice/fields.ts';

/**
 * A place on a page described by what stands round it, so that it is found again when a longer table has pushed it down. Units of the upright page: 1000
 * across. Words are folded; a word with a digit in it is `#`, since digits change from invoice to invoice.
 */
export const Spot = z.object({
  page: z.int(),
  /** Pages after this one: totals stand on the last page, however many there are. */
  pagesAfter: z.int(),
  x0: z.int(),
  x1: z.int(),
  /** Middle of the words, from the top and from the bottom of the page. */
  y: z.int(),
  bottom: z.int(),
  /** Nearest first. */
  left: z.array(z.string()),
  right: z.array(z.string()),
  above: z.array(z.string()),
  aboveGap: z.int(),
  below: z.array(z.string()),
  /** How many words the value takes. */
  words: z.int(),
  /** Characters of the first and last word that are no part of the value ("Nr." of "Nr.4711"). */
  prefix: z.string().optional(),
  suffix: z.string().optional(),
  /** Form of the value: letters as A, digits as 9, runs shortened. */
  form: z.string().optional(),
});
export type Spot = z.infer<typeof Spot>;

export const FieldLesson = z.object({
  /** As confirmed; null where the document has no such value. */
  value: z.string().nullable(),
  /** What the reader had made of it without memory; null where it found nothing. */
  was: z.string().nullable(),
  /** Set by a person, looked at by a person, or left as it was when the invoice was confirmed. */
  by: z.enum(['corrected', 'confirmed', 'accepted']),
  /** Where the value stands; empty where it is not printed as such. */
  spots: z.array(Spot),
  /** Where the reader had looked, when that was wrong. */
  not: z.array(Spot).optional(),
  /** Words beside the value, as printed, for people. */
  label: z.string().optional(),
  /** Where on the document that was, for the snippet: 1/10,000 of the page as displayed. */
  seen: z.object({ page: z.int(), box: z.tuple([z.int(), z.int(), z.int(), z.int()]) }).optional(),
});
export type FieldLesson = z.infer<typeof FieldLesson>;

export const LessonKey = z.object({
  key: z.string(),
  /** Equal to a confirmed value of the vendor's own: tax id, IBAN, mail address. */
  own: z.boolean().optional(),
});

export const Lesson = z.object({
  v: z.literal(1),
  vendorName: z.string(),
  invoice: z.string(),
  document: z.string(),
  keys: z.array(LessonKey),
  /** Words of the first page that may be printed on each of the vendor's invoices: key, left edge, middle. */
  print: z.array(z.tuple([z.string(), z.int(), z.int()])),
  style: z.object({
    mark: z.enum(['.', ',']).optional(),
    dayOrder: z.enum(['dayFirst', 'monthFirst']).optional(),
  }),
  /** Tax rates of the invoice. */
  rates: z.array(z.string()),
  fields: z.partialRecord(z.enum(HEADER_FIELD_NAMES as [(typeof HEADER_FIELD_NAMES)[number]]), FieldLesson),
});
export type Lesson = z.infer<typeof Lesson>;

const Place = { page: z.int().optional(), box: Box.optional() };

/** A field of a confirmed invoice: what it is, what the reader alone had made of it, and where it stands as far as known. */
export const Confirmed = z.object({
  value: z.string().nullable(),
  was: z.object({ value: z.string(), ...Place }).nullable(),
  by: FieldLesson.shape.by,
  ...Place,
});
export type Confirmed = z.infer<typeof Confirmed>;

/** A confirmed invoice, to learn from. */
export const Taught = z.object({
  invoice: z.string(),
  document: z.string(),
  pages: z.array(PageReading),
  fields: z.partialRecord(z.enum(HEADER_FIELD_NAMES as [(typeof HEADER_FIELD_NAMES)[number]]), Confirmed),
  rates: z.array(z.string()),
});
export type Taught = z.infer<typeof Taught>;

/** A lesson as it is handed to the extraction. */
export const KnownLesson = z.object({ id: z.string(), vendor: z.string(), lesson: Lesson });
export type KnownLesson = z.infer<typeof KnownLesson>;

export const Memory = z.object({
  lessons: z.array(KnownLesson),
  /** With how many vendors a key occurs: the buyer's own tax id is on the invoices of all of them. */
  vendorsOf: z.record(z.string(), z.int()),
});
export type Memory = z.infer<typeof Memory>;
