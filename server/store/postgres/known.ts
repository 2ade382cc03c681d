/** What is there already of what changes name: one question for all of them (migration-7.ts). */
import { sql } from 'drizzle-orm';
import type { Transaction } from './connection.ts';
import type { ChangeWire } from './plan.ts';
import { createStatement } from './statement.ts';

export interface Known {
  readonly ops: ReadonlySet<string>;
  /** Keys of requests that were answered. */
  readonly answers: ReadonlySet<string>;
  readonly invoices: ReadonlyMap<string, { readonly revision: number; readonly status: string }>;
  readonly jobs: ReadonlySet<string>;
  /** Of those that are expected to be unknown. */
  readonly documents: ReadonlySet<string>;
}

type Ids = readonly string[];
type Kind = 'op' | 'answer' | 'invoice' | 'job' | 'document';
interface Row {
  readonly what: Kind;
  readonly id: string;
  readonly revision: number;
  readonly status: string;
}

const asked = createStatement<{ site: string } & Readonly<Record<Kind, Ids>>>(
  (
    place,
  ) => sql`SELECT what, id, revision, status FROM known_among(${place('site')}, ${place('op')}::text[], ${place('answer')}::text[],
    ${place('invoice')}::text[], ${place('job')}::text[], ${place('document')}::text[])`,
);

export async function askKnown(tx: Transaction, site: string, changes: readonly ChangeWire[]): Promise<Known> {
  const names = {
    op: changes.flatMap(({ ops }) => ops.map((op) => op.op_id)),
    answer: changes.flatMap((change) => change.idempotency?.key ?? []),
    invoice: changes.flatMap(({ projections }) => projections.map(({ id }) => id)),
    job: changes.flatMap(({ jobs }) => jobs.map(({ id }) => id)),
    document: changes.flatMap(({ expects }) => expects?.unknown ?? []),
  };
  // Nothing is asked about nothing.
  const isNothing = Object.values(names).every((ids) => ids.length === 0);
  const rows = isNothing ? [] : await tx.send<Row & Record<string, unknown>>(asked({ site, ...names }));
  const idsOf = (kind: Kind): ReadonlySet<string> =>
    new Set(rows.flatMap(({ what, id }) => (what === kind ? [id] : [])));
  const invoices = rows.filter(({ what }) => what === 'invoice');
  return {
    ops: idsOf('op'),
    answers: idsOf('answer'),
    invoices: new Map(invoices.map(({ id, revision, status }) => [id, { revision, status }])),
    jobs: idsOf('job'),
    documents: idsOf('document'),
  };
}
