/** What the station has learned of vendors, as screens show it. */
import { z } from 'zod';
import { HEADER_FIELD_NAMES } from '../invoice/fields.ts';
import { Box } from './reading.ts';

export const VendorSummary = z.object({
  vendor: z.string(),
  name: z.string(),
  learnedAt: z.string(),
  lessons: z.int(),
  /** Lessons that are not forgotten. */
  active: z.int(),
  /** Confirmed invoices on which something was remembered; values of theirs that stood, and that were corrected. */
  uses: z.int(),
  right: z.int(),
  wrong: z.int(),
});
export type VendorSummary = z.infer<typeof VendorSummary>;

/** One field over all lessons of the vendor that are not forgotten. */
export const LearntField = z.object({
  field: z.enum(HEADER_FIELD_NAMES as [(typeof HEADER_FIELD_NAMES)[number]]),
  /** The same on every invoice, so that the value itself is remembered; else the place where it stands. */
  fixed: z.boolean(),
  /** The newest value. */
  value: z.string().nullable(),
  label: z.string().nullable(),
  lessons: z.int(),
  /** In how many of them a person had to set the value. */
  corrected: z.int(),
  /** Where to see it: a snippet of a page. */
  example: z.object({ invoice: z.string(), document: z.string(), page: z.int(), box: Box }).nullable(),
  forgotten: z.boolean(),
});
export type LearntField = z.infer<typeof LearntField>;

export const LearntLesson = z.object({
  id: z.string(),
  invoice: z.string(),
  invoiceNumber: z.string().nullable(),
  learnedAt: z.string(),
  actor: z.string(),
  corrected: z.array(z.string()),
  forgotten: z.boolean(),
  forgottenFields: z.array(z.string()),
});
export type LearntLesson = z.infer<typeof LearntLesson>;

export const Vendor = VendorSummary.extend({
  /** Numbers and addresses by which its pages are recognised, e.g. `tax:DE123456789`, `web:example.com`. */
  keys: z.array(z.string()),
  decimalMark: z.string().nullable(),
  dayOrder: z.enum(['dayFirst', 'monthFirst']).nullable(),
  rates: z.array(z.string()),
  fields: z.array(LearntField),
  items: z.array(LearntLesson),
});
export type Vendor = z.infer<typeof Vendor>;
