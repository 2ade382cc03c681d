/**
 * A reading: what the program saw on one document (or one part of it), kept for ever as a content-addressed blob (gzip of this JSON).
 * A reading never changes; reading again makes a new one.
 */
import { z } from 'zod';
import { HEADER_FIELD_NAMES, LINE_FIELD_NAMES, TAX_ROW_FIELD_NAMES } from '../invoice/fields.ts';

/** `[x0, y0, x1, y1]`: integers in 1/10,000 of the displayed page (after /Rotate, EXIF and the user's rotation, before deskew), origin top left. */
export const Box = z.tuple([z.int(), z.int(), z.int(), z.int()]);
export type Box = z.infer<typeof Box>;

/** One word as read. `confidence` 0..1 (1 for a text layer and for XML). */
export const Word = z.object({ text: z.string(), box: Box, confidence: z.number() });
export type Word = z.infer<typeof Word>;

/** Where a value comes from (SYNC.md, `source`). */
export const Source = z.enum(['xml', 'code', 'text', 'ocr', 'vendor-memory', 'rule', 'manual']);
export type Source = z.infer<typeof Source>;

/** `drawn`: the page does not exist; the station draws one from the XML. `none`: nothing could be read. */
export const PageSource = z.enum(['text', 'ocr', 'drawn', 'none']);

/** A 2D code as seen on a page: what it says is judged later (core/extract/codes). */
export const CodeSeen = z.object({ format: z.string(), text: z.string(), box: Box });
export type CodeSeen = z.infer<typeof CodeSeen>;

export const PageReading = z.object({
  /** 1-based. */
  page: z.int().min(1),
  /** Size of the displayed page in points (1/72 inch) for PDF and drawn pages, in pixels for images. */
  width: z.number(),
  height: z.number(),
  source: PageSource,
  words: z.array(Word),
  /** Degrees, clockwise, that the reader turned the displayed page by to read it upright: 0, 90, 180, 270. */
  turned: z.int().default(0),
  /** Degrees of skew found (positive = clockwise). */
  skew: z.number().default(0),
  /** 0..1, share of text-like ink inside word boxes; absent for a text layer. */
  coverage: z.number().optional(),
  /** 0..1, share of the page's words that was probably read right; absent for a text layer. */
  quality: z.number().optional(),
  dpi: z.number().optional(),
  /** OCR data that read the page (tesseract codes). */
  languages: z.array(z.string()).optional(),
  codes: z.array(CodeSeen).optional(),
  /** Why the page could not be read, or could be read only in part: a code of `NOTE_CODES`. */
  problem: z.string().optional(),
});
export type PageReading = z.infer<typeof PageReading>;

export const Candidate = z.object({
  value: z.string(),
  text: z.string(),
  page: z.int().optional(),
  box: Box.optional(),
  source: Source,
  /** 0..1 */
  score: z.number(),
  /** Short codes with optional parameters, e.g. `label:Invoice no.`, `arithmetic`, `checksum`; sentences are made by the text catalogue. */
  reasons: z.array(z.string()),
});
export type Candidate = z.infer<typeof Candidate>;

/** One cell as read. `value` is canonical (core/invoice/fields.ts). */
export const ReadCell = z.object({
  value: z.string(),
  text: z.string(),
  page: z.int().optional(),
  box: Box.optional(),
  source: Source,
  confidence: z.number(),
  /** What the curves made the confidence of (core/extract/score/calibrate.ts); absent where nothing was recognised (XML, payment code). */
  score: z.number().optional(),
  reasons: z.array(z.string()).default([]),
  /** Best first; the chosen one included; empty where there was no choice (XML). */
  candidates: z.array(Candidate).default([]),
});
export type ReadCell = z.infer<typeof ReadCell>;

const cells = <const T extends readonly string[]>(names: T) =>
  z.partialRecord(z.enum(names as unknown as [T[number], ...T[number][]]), ReadCell);

/** `row`: 0-based place in the reading; line ids derive from (reading op, row). */
export const ReadLine = z.object({
  row: z.int(),
  page: z.int().optional(),
  box: Box.optional(),
  cells: cells(LINE_FIELD_NAMES),
});
export type ReadLine = z.infer<typeof ReadLine>;
export const ReadTaxRow = z.object({ row: z.int(), cells: cells(TAX_ROW_FIELD_NAMES) });
export type ReadTaxRow = z.infer<typeof ReadTaxRow>;

/**
 * Lossless BT/BG tree of an e-invoice: the XML's elements with raw values and repeats kept; `term` names the business term or group
 * (EN 16931-1) where the element carries one.
 */
export interface TermNode {
  name: string;
  term?: string | undefined;
  attributes?: Record<string, string> | undefined;
  text?: string | undefined;
  children?: TermNode[] | undefined;
}
export const TermNode: z.ZodType<TermNode> = z.lazy(() =>
  z.object({
    name: z.string(),
    term: z.string().optional(),
    attributes: z.record(z.string(), z.string()).optional(),
    text: z.string().optional(),
    children: z.array(TermNode).optional(),
  }),
);

/** What reading noticed that is no field: coverage, a second pass, a page that was left out, an XML that differs from its page. */
export const ReadingNote = z.object({
  code: z.string(),
  page: z.int().optional(),
  params: z.record(z.string(), z.string()).default({}),
});
export type ReadingNote = z.infer<typeof ReadingNote>;

/** What the vendor's earlier invoices contributed (core/memory). */
export const ReadingMemory = z.object({
  vendor: z.string(),
  name: z.string(),
  /** Ids of the lessons that fitted, newest first. */
  lessons: z.array(z.string()),
  /** Fields that memory gave or took away, with what the reader alone had made of them. */
  before: z.record(z.string(), z.string().nullable()),
});
export type ReadingMemory = z.infer<typeof ReadingMemory>;

export const Reading = z.object({
  v: z.literal(1),
  engineVersion: z.string(),
  /** sha256 of the document read. */
  document: z.string(),
  source: z.enum(['xml', 'text', 'ocr', 'mixed', 'none']),
  /** Profile of the e-invoice, where there is one: 'UBL', 'CII', 'ZUGFeRD 1.0'. */
  syntax: z.string().optional(),
  /** BT-24 as written. */
  profile: z.string().optional(),
  language: z.string().optional(),
  pages: z.array(PageReading),
  header: cells(HEADER_FIELD_NAMES),
  lines: z.array(ReadLine),
  taxRows: z.array(ReadTaxRow),
  tree: TermNode.optional(),
  memory: ReadingMemory.optional(),
  notes: z.array(ReadingNote),
});
export type Reading = z.infer<typeof Reading>;

/** What the field extractor returns: a reading without its pages and identity. */
export type Extraction = Pick<Reading, 'header' | 'lines' | 'taxRows' | 'notes'> & {
  language?: string;
  memory?: ReadingMemory;
};
