/** What intake says about a file: what it is by its content, or why it cannot be read. */
import { z } from 'zod';

/** By content (magic bytes and a parser that accepts it), never by name. */
export const DocumentKind = z.enum(['pdf', 'image', 'xml', 'mail', 'zip']);
export type DocumentKind = z.infer<typeof DocumentKind>;

/**
 * Named reasons for a document that cannot be read. The original is kept in every case and can be read again.
 * The sentence and the way out of each stand in the text catalogue under `reason.<code>`.
 */
export const UNREADABLE_REASONS = [
  'empty', // 0 bytes
  'unsupported', // content is none of the kinds
  'encrypted', // needs a password
  'truncated', // ends too early to be parsed
  'corrupt', // parser refuses it
  'no-pages', // a PDF with 0 pages, a mail or archive with nothing to read in it
  'too-many-pages', // over the page limit
  'too-large', // over the byte limit
  'too-many-pixels', // a page over the pixel limit
  'archive-bomb', // inflate ratio, nesting, number of entries
  'xml-forbidden', // DTD, entities, too deep
  'not-an-invoice-xml', // well-formed XML of another kind
  'unsupported-einvoice', // recognised e-invoice format that is not mapped yet (FatturaPA, Facturae, ebInterface, KSeF)
  'timeout', // killed at the time limit, after one retry
  'out-of-memory', // killed at the memory limit, after one retry
  'cancelled', // by a person
  'engine-error', // anything else that the reader's libraries threw
] as const;
export const UnreadableReason = z.enum(UNREADABLE_REASONS);
export type UnreadableReason = z.infer<typeof UnreadableReason>;

/** Default limits (DOMAIN.md, Intake). */
export const LIMITS = {
  bytes: 50 * 1024 * 1024,
  pages: 500,
  pagePixels: 40_000_000,
  pageMs: 60_000,
  inflateRatio: 200,
  inflateBytes: 500 * 1024 * 1024,
  archiveEntries: 1_000,
  archiveDepth: 3,
  xmlDepth: 64,
  batchFiles: 50,
} as const;

/** The answer for one file of an upload. */
export const IntakeResult = z.discriminatedUnion('kind', [
  /** A new invoice (or container) was made and its reading queued. */
  z.object({ kind: z.literal('accepted'), file: z.string(), document: z.string(), invoices: z.array(z.string()) }),
  /** The same bytes are here already. */
  z.object({ kind: z.literal('already'), file: z.string(), document: z.string(), invoices: z.array(z.string()) }),
  /** Not kept: over the byte limit, or the disk refused it. */
  z.object({ kind: z.literal('refused'), file: z.string(), reason: z.string(), detail: z.string() }),
]);
export type IntakeResult = z.infer<typeof IntakeResult>;
