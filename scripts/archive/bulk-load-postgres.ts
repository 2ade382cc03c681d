/** Loads an archive into a site of a Postgres database through the store's own statements: the same chain, heads, projections and search, in big transactions. */
import { projectionOf } from '../../core/invoice/summary.ts';
import { headOf, type HeadRow, lockHead } from '../../server/store/postgres/commit.ts';
import { createConnections, type Transaction } from '../../server/store/postgres/connection.ts';
import { createPlan } from '../../server/store/postgres/plan.ts';
import { projectionWire } from '../../server/store/projection-wire.ts';
import { type ArchivedInvoice, createArchive } from './invoices.ts';

export interface BulkLoadPostgres {
  /** Of the application's role, or of one that may do more. */
  readonly url: string;
  /** It exists and is empty. */
  readonly site: string;
  readonly count: number;
  readonly seed: number;
  readonly progress?: (done: number) => void;
  /** Sees every invoice that was loaded. */
  readonly loaded?: (item: ArchivedInvoice) => void;
}

const TRANSACTION = 100;

async function load(tx: Transaction, site: string, items: readonly ArchivedInvoice[]): Promise<void> {
  const [head] = await tx.send<HeadRow>(lockHead(site));
  if (head === undefined) throw new Error(`there is no site ${site}`);
  const plan = createPlan(tx.orm, { site, head: headOf(head), superseded: [], statuses: new Map() });
  for (const { invoice, ops, document, at } of items) {
    const projections = [projectionWire(0, projectionOf(invoice))];
    plan.add({ ops, projections, documents: [document], jobs: [] }, { at, nowMs: Date.parse(at) });
  }
  await tx.commit(plan.statements());
}

export async function bulkLoadPostgres({ url, site, count, seed, progress, loaded }: BulkLoadPostgres): Promise<void> {
  const connections = createConnections({ url, poolSize: 1, statementTimeoutMs: 600_000, applicationName: 'archive' });
  const archive = createArchive(seed);
  let last: Promise<void> = Promise.resolve();
  try {
    for (let done = 0; done < count;) {
      const items = Array.from({ length: Math.min(TRANSACTION, count - done) }, () => archive.next());
      // The next ones are made while the database writes these.
      await last;
      last = connections.write(site, (tx) => load(tx, site, items), { lazy: true, timeoutMs: 600_000 });
      last.catch(() => undefined);
      if (loaded !== undefined) items.forEach(loaded);
      done += items.length;
      progress?.(done);
    }
    await last;
  } finally {
    await connections.close();
  }
}
