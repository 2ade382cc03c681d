/** Ids that every station derives alike, so that what two of them learn of one vendor meets. */
import { vendorKey } from '../invoice/ids.ts';
import { uuid8 } from '../sync/ids.ts';
import type { Sha256 } from '../sync/op.ts';

/** Undefined where the invoice names no vendor. */
export function vendorId(
  sha256: Sha256,
  name: string | null | undefined,
  taxId: string | null | undefined,
): string | undefined {
  const key = vendorKey(name, taxId);
  return key === null ? undefined : uuid8(sha256, `vendor/${key}`);
}

/** One lesson an invoice and vendor: confirmed again, it is learned again. */
export const lessonId = (sha256: Sha256, vendor: string, invoice: string): string =>
  uuid8(sha256, `lesson/${vendor}/${invoice}`);

export const lessonFieldId = (lesson: string, field: string): string => `${lesson}/${field}`;
