/** Stored workflow states (DOMAIN.md, Workflow). `reading`, `exception` and `ready` are derived, see `InvoiceStatus`. */
export const INVOICE_STATES = [
  'received',
  'confirmed',
  'approved',
  'staged',
  'exported',
  'rejected',
  'on_hold',
  'info_requested',
  'duplicate',
  'void',
] as const;
export type InvoiceState = (typeof INVOICE_STATES)[number];

/** What the queue shows: a stored state, or for a received invoice what its reading and findings make of it. */
export const INVOICE_STATUSES = [
  'reading',
  'exception',
  'ready',
  ...INVOICE_STATES.filter((s) => s !== 'received'),
] as const;
export type InvoiceStatus = 'reading' | 'exception' | 'ready' | Exclude<InvoiceState, 'received'>;
