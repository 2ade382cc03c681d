/** Conflicts of the whole store, invoice by invoice: by the one rule of what a conflict is (core/sync/conflicts.ts), looked up where the invoices' rows say that there are any. */
import type { InvoiceSummary } from '../../core/contract/invoice.ts';
import { readLog } from '../../core/invoice/log.ts';
import { type Conflict, conflictsOf } from '../../core/sync/conflicts.ts';
import type { StoredOp } from '../../core/sync/op.ts';

export interface ConflictHead {
  readonly op: StoredOp;
  readonly value: string | null;
}

type WithHeads<C> = C extends Conflict ? Omit<C, 'heads'> & { readonly heads: readonly ConflictHead[] } : never;

/** Heads newest first; of a deleted row both sides, the deletions among them. */
export type OpenConflict = WithHeads<Conflict>;

export interface InvoiceConflicts {
  readonly summary: InvoiceSummary;
  readonly conflicts: readonly OpenConflict[];
}

export interface ConflictQuery {
  /** `next` of the page before. */
  readonly after?: string;
  readonly limit: number;
}

export interface ConflictPage {
  /** Oldest invoice first. */
  readonly items: readonly InvoiceConflicts[];
  readonly next: string | null;
}

export interface ConflictTotals {
  readonly cells: number;
  readonly invoices: number;
}

function openConflicts(ops: readonly StoredOp[]): OpenConflict[] {
  const stored = new Map(ops.map((op) => [op.body.op_id, op]));
  return conflictsOf(readLog(ops)).map(({ heads, ...conflict }) => ({
    ...conflict,
    heads: heads.flatMap(({ op, value }) => {
      const found = stored.get(op.body.op_id);
      return found === undefined ? [] : [{ op: found, value }];
    }),
  }));
}

export interface MarkedInvoice {
  readonly id: string;
  readonly summary: InvoiceSummary;
}

/** `marked`: a page of invoices whose rows say that there are conflicts. What was settled since they were written is not shown any more. */
export async function conflictPage(
  marked: readonly MarkedInvoice[],
  limit: number,
  opsOf: (invoice: string) => Promise<readonly StoredOp[]>,
): Promise<ConflictPage> {
  const found = await Promise.all(
    marked.map(async ({ id, summary }) => ({ summary, conflicts: openConflicts(await opsOf(id)) })),
  );
  const items = found.filter(({ conflicts }) => conflicts.length > 0);
  return { items, next: marked.length < limit ? null : (marked.at(-1)?.id ?? null) };
}
