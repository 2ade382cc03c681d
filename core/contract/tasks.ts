/**
 * Worker tasks: CPU work in threads. A task gets paths and plain data and returns plain data; what the domain knows comes back as a value with `kind`
 * (an error that crosses a thread loses its class), anything thrown is a bug.
 */
import { z } from 'zod';
import { Lesson, Memory, Taught } from '../memory/lesson.ts';
import { DocumentKind, UnreadableReason } from './intake.ts';
import { Finding, Invoice } from './invoice.ts';
import { Box, PageReading, Reading, Word } from './reading.ts';

export const Unreadable = z.object({ kind: z.literal('unreadable'), reason: UnreadableReason, detail: z.string() });
export type Unreadable = z.infer<typeof Unreadable>;

const task = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) => ({ input, output });

export const tasks = {
  /** What the file is, by content, and how many pages it has; cheap checks of every limit before any work. */
  inspect: task(
    z.object({ path: z.string(), name: z.string() }),
    z.union([
      z.object({
        kind: z.literal('document'),
        type: DocumentKind,
        mime: z.string(),
        /** 1 for XML and mail; entries for an archive. */
        pages: z.int(),
        /** 'UBL' | 'CII' | 'ZUGFeRD 1.0' where an e-invoice XML is the document or is embedded in the PDF. */
        einvoice: z.string().optional(),
      }),
      Unreadable,
    ]),
  ),
  /** Members of a ZIP or attachments of a mail, each written to `outDir` under its sha256 (never under its own name). */
  expand: task(
    z.object({ path: z.string(), name: z.string(), outDir: z.string() }),
    z.union([
      z.object({
        kind: z.literal('expanded'),
        members: z.array(z.object({ name: z.string(), sha256: z.string(), size: z.int(), path: z.string() })),
        /** Members left out, with the reason: nothing vanishes silently. */
        skipped: z.array(z.object({ name: z.string(), reason: z.string() })),
      }),
      Unreadable,
    ]),
  ),
  /** One page -> words: text layer, else OCR. `page` 1-based. */
  readPage: task(
    z.object({
      path: z.string(),
      type: DocumentKind,
      page: z.int(),
      languages: z.array(z.string()),
      /** Each page in the language it is in, whichever of the program's; `languages` for pages that do not tell. */
      automatic: z.boolean().default(false),
      /** The language to try first, where pages tell their own: guessing right saves a pass, guessing wrong costs one, and on a hard page perhaps a word. */
      likely: z.string().optional(),
      forceOcr: z.boolean().default(false),
    }),
    z.union([
      z.object({ kind: z.literal('page'), page: PageReading, ms: z.record(z.string(), z.number()) }),
      Unreadable,
    ]),
  ),
  /** Pages' words (and the XML of an e-invoice, embedded or alone) -> fields, lines, notes: the finished reading. */
  extract: task(
    z.object({
      path: z.string(),
      type: DocumentKind,
      document: z.string(),
      pages: z.array(PageReading),
      /** Answer with the keys by which lessons about the vendor are looked up. */
      wantsKeys: z.boolean().default(false),
      memory: Memory.optional(),
    }),
    z.union([
      z.object({
        kind: z.literal('reading'),
        reading: Reading,
        ms: z.record(z.string(), z.number()),
        keys: z.array(z.string()).optional(),
      }),
      Unreadable,
    ]),
  ),
  /**
   * The places of values that a PDF's text layer gave, drawn and read by OCR: does the page show what its text says? One result a check, in order;
   * `seen` is what is visible there.
   */
  checkText: task(
    z.object({
      path: z.string(),
      checks: z
        .array(
          z.object({
            strictness: z.enum(['code', 'amount', 'name']),
            parts: z.array(z.object({ page: z.int(), box: Box, text: z.string(), turned: z.int() })).max(6),
          }),
        )
        .max(12),
    }),
    z.union([
      z.object({
        kind: z.literal('checked'),
        results: z.array(z.object({ verdict: z.enum(['agree', 'differs', 'unseen', 'unsure']), seen: z.string() })),
        ms: z.record(z.string(), z.number()),
      }),
      Unreadable,
    ]),
  ),
  /**
   * A part of a page that a person has drawn, read by an engine that is kept warm for it. Without `box` the engine and the page are only made ready.
   * `turned` and `skew` as the page was read.
   */
  readRegion: task(
    z.object({
      path: z.string(),
      type: DocumentKind,
      page: z.int(),
      box: Box.optional(),
      turned: z.int(),
      skew: z.number(),
      languages: z.array(z.string()),
    }),
    z.union([
      z.object({
        kind: z.literal('region'),
        words: z.array(Word),
        /** 0..1, mean over the characters. */
        confidence: z.number(),
        ms: z.record(z.string(), z.number()),
      }),
      Unreadable,
    ]),
  ),
  /** What a confirmed invoice teaches about its vendor; null where there is nothing to learn from. */
  learn: task(Taught, z.union([z.object({ kind: z.literal('learned'), lesson: Lesson.nullable() }), Unreadable])),
  /** A page as WebP at `dpi` (PDF, TIFF, WebP, PNG, JPEG), turned and EXIF applied. Written to `outPath`. */
  renderPage: task(
    z.object({ path: z.string(), type: DocumentKind, page: z.int(), dpi: z.int(), outPath: z.string() }),
    z.union([z.object({ kind: z.literal('image'), width: z.int(), height: z.int() }), Unreadable]),
  ),
  /** All rules over one invoice in its context. */
  validate: task(z.object({ invoice: Invoice, context: z.unknown() }), z.object({ findings: z.array(Finding) })),
} as const;

export type Tasks = typeof tasks;
export type TaskName = keyof Tasks;
export type TaskInput<N extends TaskName> = z.input<Tasks[N]['input']>;
export type TaskOutput<N extends TaskName> = z.infer<Tasks[N]['output']>;

/** The message a piscina thread gets. */
export interface TaskMessage {
  name: TaskName;
  input: unknown;
}
