/** The invoice as screens, rules and exports see it: the projection of its operations over its newest reading. */
import { z } from 'zod';
import { DOCUMENT_TYPES, HEADER_FIELD_NAMES, LINE_FIELD_NAMES, TAX_ROW_FIELD_NAMES } from '../invoice/fields.ts';
import { INVOICE_STATES, INVOICE_STATUSES } from '../invoice/states.ts';
import { DocumentKind, UnreadableReason } from './intake.ts';
import { Box, Candidate, ReadingNote, Source } from './reading.ts';

export const Severity = z.enum(['error', 'warning', 'info']);
export type Severity = z.infer<typeof Severity>;

/** Names one cell of an invoice. `entity.id` of the invoice itself is the invoice's id. */
export const CellRef = z.object({
  entity: z.object({ type: z.enum(['invoice', 'line', 'taxRow']), id: z.string() }),
  field: z.string(),
});
export type CellRef = z.infer<typeof CellRef>;

export const Finding = z.object({
  code: z.string(),
  severity: Severity,
  /** Which fields to look at, most likely culprit first. */
  cells: z.array(CellRef),
  /** Substituted into the sentence `finding.<code>` (or `finding.<code>.<variant>`) of the text catalogue; amounts as decimal strings. */
  params: z.record(z.string(), z.string()),
  variant: z.string().optional(),
  /** What would clear it: key of the catalogue, `clear.<clear>`. */
  clear: z.string(),
  /** Version of the rule that judged. */
  version: z.int(),
});
export type Finding = z.infer<typeof Finding>;

/** One head of a cell that is in conflict. */
export const Head = z.object({ op: z.string(), value: z.string().nullable(), actor: z.string(), at: z.string() });

export const Cell = z.object({
  /** Canonical value; null where there is none. */
  value: z.string().nullable(),
  /** As read on the page; empty for a value typed in. */
  text: z.string(),
  page: z.int().optional(),
  box: Box.optional(),
  source: Source,
  /** 0..1; 1 for a value a person set or confirmed. */
  confidence: z.number(),
  reasons: z.array(z.string()),
  candidates: z.array(Candidate),
  /** Operations that an edit of this cell must name as parents: its heads, or the reading where it has none, or nothing. */
  parents: z.array(z.string()),
  /** Who set or confirmed it, and when; absent for a value as read. */
  actor: z.string().optional(),
  at: z.string().optional(),
  /** All differing heads, where the cell is in conflict. */
  conflict: z.array(Head).optional(),
});
export type Cell = z.infer<typeof Cell>;

export const Line = z.object({
  id: z.string(),
  /** Orders the lines: fractional index, as text. */
  order: z.string(),
  page: z.int().optional(),
  box: Box.optional(),
  cells: z.partialRecord(z.enum(LINE_FIELD_NAMES as [(typeof LINE_FIELD_NAMES)[number]]), Cell),
  /** Edited and deleted by two people who did not see each other. */
  deleteConflict: z.boolean().optional(),
});
export type Line = z.infer<typeof Line>;

export const TaxRow = z.object({
  id: z.string(),
  order: z.string(),
  cells: z.partialRecord(z.enum(TAX_ROW_FIELD_NAMES as [(typeof TAX_ROW_FIELD_NAMES)[number]]), Cell),
  /** As that of a line. */
  deleteConflict: z.boolean().optional(),
});
export type TaxRow = z.infer<typeof TaxRow>;

/** How the invoice stands to another one that it may be the same as. */
export const DuplicateLink = z.object({
  other: z.string(),
  /** `merged`: this one is closed, `other` stays. `disputed`: closed by one, called no duplicate by another who had not seen that. */
  kind: z.enum(['suspected', 'merged', 'not', 'disputed']),
  actor: z.string(),
  at: z.string(),
  reason: z.string().nullable(),
});
export type DuplicateLink = z.infer<typeof DuplicateLink>;

export const DocumentInfo = z.object({
  sha256: z.string(),
  /** As it arrived, control and bidi characters stripped; text only, never a path. */
  name: z.string(),
  mime: z.string(),
  size: z.int(),
  kind: DocumentKind.optional(),
  /** The archive or mail it came in. */
  parent: z.string().optional(),
});
export type DocumentInfo = z.infer<typeof DocumentInfo>;

export const ReadingSummary = z.object({
  op: z.string(),
  at: z.string(),
  engineVersion: z.string(),
  source: z.enum(['xml', 'text', 'ocr', 'mixed', 'none']),
  syntax: z.string().optional(),
  profile: z.string().optional(),
  language: z.string().optional(),
  /** Width and height as in PageReading; no words. */
  pages: z.array(
    z.object({
      page: z.int(),
      width: z.number(),
      height: z.number(),
      source: z.enum(['text', 'ocr', 'drawn', 'none']),
      /** As PageReading.coverage. */
      coverage: z.number().optional(),
      /** As PageReading.languages. */
      languages: z.array(z.string()).optional(),
      /** As PageReading.quality. */
      quality: z.number().optional(),
      problem: z.string().optional(),
    }),
  ),
  notes: z.array(ReadingNote),
  /** The vendor whose earlier invoices helped. */
  memory: z.object({ vendor: z.string(), name: z.string() }).optional(),
  /** Set where the document could not be read. */
  unreadable: z.object({ reason: UnreadableReason, detail: z.string() }).optional(),
});
export type ReadingSummary = z.infer<typeof ReadingSummary>;

export const Invoice = z.object({
  id: z.string(),
  /** Number of operations the projection was made from; rises with each. */
  revision: z.int(),
  state: z.enum(INVOICE_STATES),
  status: z.enum(
    INVOICE_STATUSES as readonly [(typeof INVOICE_STATUSES)[number], ...(typeof INVOICE_STATUSES)[number][]],
  ),
  createdAt: z.string(),
  updatedAt: z.string(),
  document: DocumentInfo,
  /** 1-based, where one file holds several invoices. */
  part: z.int().optional(),
  reading: ReadingSummary.nullable(),
  header: z.partialRecord(z.enum(HEADER_FIELD_NAMES as [(typeof HEADER_FIELD_NAMES)[number]]), Cell),
  lines: z.array(Line),
  taxRows: z.array(TaxRow),
  findings: z.array(Finding),
  /** Version of the rule set that judged and the date it took as today. */
  judged: z.object({ rules: z.string(), today: z.string() }).nullable(),
  /** Cells that need a human, in the order of work: doubts of recognition, then findings. */
  attention: z.array(CellRef),
  /** How many cells and rows two people changed without seeing each other (core/sync/conflicts.ts); absent where there are none. */
  conflicts: z.int().optional(),
  /** Cells that somebody changed behind the decision that stands (core/invoice/changed.ts); absent where there are none. */
  changed: z.array(CellRef).optional(),
  /** What was said of others that it may be the same as; absent where nothing was. */
  duplicates: z.array(DuplicateLink).optional(),
  /** Digest over every operation of the invoice (SYNC.md, workflow state): what a transition says it saw. */
  digest: z.string(),
});
export type Invoice = z.infer<typeof Invoice>;
export type CellMap = Invoice['header'];

/** A row of the queue. */
export const InvoiceSummary = z.object({
  id: z.string(),
  revision: z.int(),
  status: Invoice.shape.status,
  createdAt: z.string(),
  updatedAt: z.string(),
  documentName: z.string(),
  documentSha: z.string(),
  source: z.string(),
  documentType: z.enum(DOCUMENT_TYPES).nullable(),
  vendorName: z.string().nullable(),
  invoiceNumber: z.string().nullable(),
  issueDate: z.string().nullable(),
  dueDate: z.string().nullable(),
  currency: z.string().nullable(),
  grossTotal: z.string().nullable(),
  errors: z.int(),
  warnings: z.int(),
  attention: z.int(),
  pages: z.int(),
  /** As in Invoice. */
  part: z.int().optional(),
  conflicts: z.int().optional(),
  /** How many others it may be the same as and nobody has settled; absent where there are none. */
  suspects: z.int().optional(),
  reason: UnreadableReason.nullable(),
});
export type InvoiceSummary = z.infer<typeof InvoiceSummary>;
