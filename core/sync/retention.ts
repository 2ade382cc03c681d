/** What a station keeps of the log: everything of invoices that are worked on, and of those that were within the last 90 days. The rest is at the site. */
import type { InvoiceState } from '../invoice/states.ts';

const KEPT_DAYS = 90;
export const KEPT_MS = KEPT_DAYS * 86_400_000;

const CLOSED: readonly InvoiceState[] = ['exported', 'rejected', 'duplicate', 'void'];

/** Nobody has anything to do about it, unless somebody opens it again. */
export const isClosed = (state: InvoiceState): boolean => CLOSED.includes(state);
