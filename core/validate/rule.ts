/** A rule judges an invoice in a context and says what it found. One file per rule under `core/validate/rules/`; `engine.ts` holds the list. */
import { z } from 'zod';
import type { Finding, Invoice } from '../contract/invoice.ts';

/** What a rule may ask for beyond the invoice. The store fills it by indexed queries (at most 50 candidates each). */
export const RuleNeeds = z.enum(['today', 'duplicateCandidates', 'tolerances']);
export type RuleNeed = z.infer<typeof RuleNeeds>;

export const DuplicateCandidate = z.object({
  id: z.string(),
  documentSha: z.string(),
  /** Which of the invoices in one file. */
  part: z.int().optional(),
  documentName: z.string(),
  status: z.string(),
  vendorName: z.string().nullable(),
  vendorTaxId: z.string().nullable(),
  invoiceNumber: z.string().nullable(),
  issueDate: z.string().nullable(),
  currency: z.string().nullable(),
  grossTotal: z.string().nullable(),
  /** When it came in (ISO instant): of two alike, the later one is the doubtful one. */
  createdAt: z.string().optional(),
});
export type DuplicateCandidate = z.infer<typeof DuplicateCandidate>;

export const RuleContext = z.object({
  /** ISO date in the site's time zone. */
  today: z.string(),
  duplicateCandidates: z.array(DuplicateCandidate),
  /** Canonical decimal amounts in the invoice's currency; per rule code, `default` for the rest. */
  tolerances: z.record(z.string(), z.string()),
  /** Below it a core field's confidence is LOW_CONFIDENCE. 0..1 */
  minimumConfidence: z.number(),
});
export type RuleContext = z.infer<typeof RuleContext>;

export interface Rule {
  readonly code: string;
  readonly version: number;
  /** Empty: the renderer may run it while the reviewer types. */
  readonly needs: readonly RuleNeed[];
  readonly judge: (invoice: Invoice, context: RuleContext) => Finding[];
}
