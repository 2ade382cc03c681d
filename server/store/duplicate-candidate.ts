/** What a rule is told of an invoice that may be the same one. */
import type { InvoiceSummary } from '../../core/contract/invoice.ts';
import type { DuplicateCandidate } from '../../core/validate/rule.ts';

export const candidateOf = (found: InvoiceSummary, vendorTaxId: string | null): DuplicateCandidate => ({
  id: found.id,
  documentSha: found.documentSha,
  ...(found.part === undefined ? {} : { part: found.part }),
  documentName: found.documentName,
  status: found.status,
  vendorName: found.vendorName,
  vendorTaxId,
  invoiceNumber: found.invoiceNumber,
  issueDate: found.issueDate,
  currency: found.currency,
  grossTotal: found.grossTotal,
  createdAt: found.createdAt,
});
