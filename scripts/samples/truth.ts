/** What a perfect reader finds on a sample, in canonical form (core/invoice/fields.ts). */
import { canonicalDecimal } from '../../core/invoice/decimal.ts';
import type { HeaderField, LineField } from '../../core/invoice/fields.ts';
import type { Sample, Totals } from './model.ts';

export interface Truth {
  readonly header: Partial<Record<HeaderField, string>>;
  readonly lines: readonly Partial<Record<LineField, string>>[];
}

const plain = (value: string): string => canonicalDecimal(value) ?? value;

export function truthOf(sample: Sample, totals: Totals): Truth {
  const { vendor, buyer } = sample;
  const header: Partial<Record<HeaderField, string | undefined>> = {
    documentType: sample.documentType,
    invoiceNumber: sample.number,
    issueDate: sample.issueDate,
    dueDate: sample.dueDate,
    currency: sample.currency,
    vendorName: vendor.name,
    vendorTaxId: vendor.taxId ?? vendor.registeredTaxId,
    vendorIban: sample.documentType === 'receipt' ? undefined : vendor.iban,
    buyerName: sample.documentType === 'receipt' ? undefined : buyer.name,
    poNumber: sample.poNumber,
    netTotal: totals.net,
    taxTotal: totals.tax,
    grossTotal: plain(sample.printedGross ?? totals.gross),
  };
  return {
    header: Object.fromEntries(Object.entries(header).filter(([, value]) => value)),
    lines: totals.lines.map((line) => ({
      description: line.description,
      quantity: plain(line.quantity),
      unitPrice: plain(line.unitPrice),
      lineTotal: line.total,
    })),
  };
}
