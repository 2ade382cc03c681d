/** This product: two stations and their site. A station's saves and what it takes in are on its disk before it goes on, so is what the site acknowledges. */
import { randomBytes } from 'node:crypto';
import { projectionOf } from '../../core/invoice/summary.ts';
import { fieldSetOp } from '../../core/sync/drafts.ts';
import { uuid7 } from '../../core/sync/ids.ts';
import type { OpDraft } from '../../core/sync/op.ts';
import type { Store } from '../../server/store/store.ts';
import { type ArchivedInvoice, createArchive } from '../archive/invoices.ts';
import type { Contestant } from './contest.ts';
import type { BenchSite } from './site.ts';
import { type BenchStation, startBenchStation } from './station.ts';

const FIELDS = ['invoiceNumber', 'issueDate', 'grossTotal', 'buyerReference', 'contractRef'] as const;
const COMMIT = 500;
/** The site of this part. */
export const ROOM = 'throughput';

const author = () => ({
  opId: uuid7(Date.now(), randomBytes(10)),
  actor: 'local:bench',
  salt: randomBytes(32).toString('hex'),
});

const valueOf = (field: (typeof FIELDS)[number], round: number, at: number): string => {
  if (field === 'grossTotal') return String(100 * round + at);
  if (field === 'issueDate') return `2026-02-${String((round % 28) + 1).padStart(2, '0')}`;
  return `${field} ${round} of ${at}`;
};

async function commit(store: Store, ops: readonly OpDraft[]): Promise<void> {
  for (let from = 0; from < ops.length; from += COMMIT) {
    const result = await store.commit({
      ops: ops.slice(from, from + COMMIT),
      projections: [],
      documents: [],
      jobs: [],
    });
    if (result.kind !== 'ok') throw new Error(`not saved: ${result.what}`);
  }
}

/** Rows of lists, as the jobs make them of what has come. */
async function show(store: Store, items: readonly ArchivedInvoice[]): Promise<void> {
  for (let from = 0; from < items.length; from += 100) {
    const part = items.slice(from, from + 100);
    const projections = part.map(({ invoice }) => ({ expect: 0, projection: projectionOf(invoice) }));
    await store.commit({
      ops: [],
      projections,
      documents: part.map(({ document: { kind: _kind, ...one } }) => one),
      jobs: [],
    });
  }
}

const place = (of: BenchStation): Promise<number> => of.sync.position(ROOM).then((at) => at?.cursor ?? 0);

export async function startOurs(site: BenchSite, folder: string, changes: number): Promise<Contestant> {
  const archive = createArchive(7, 100);
  const items = Array.from({ length: changes / FIELDS.length }, () => archive.next());
  const one = await startBenchStation(site, { folder, room: ROOM, name: 'one' });
  const two = await startBenchStation(site, { folder, room: ROOM, name: 'two' });
  const sent = async (): Promise<boolean> => (await one.sync.counts(ROOM)).unsent === 0;
  /** What stands in each field. */
  const heads = new Map<string, string>();
  const opening = items.flatMap(({ ops }) =>
    ops.filter(({ kind }) => kind !== 'transition' && kind !== 'field.set' && !kind.startsWith('lesson')),
  );
  for (const { kind, root, op_id: id } of opening)
    if (kind === 'reading.recorded') for (const field of FIELDS) heads.set(`${root} ${field}`, id);
  await show(one.store, items);
  await show(two.store, items);
  await show((await site.of(ROOM)).store, items);
  await commit(one.store, opening);
  await one.online(sent);
  let expected = opening.length;
  await one.online(async () => (await place(one)) >= expected);
  await two.online(async () => (await place(two)) >= expected);
  let round = 0;
  return {
    name: 'ours',
    async push() {
      round += 1;
      const ops = items.flatMap(({ invoice: { id } }, at) =>
        FIELDS.map((field) => {
          const op = fieldSetOp(author(), id, {
            entity: { type: 'invoice', id },
            field,
            value: valueOf(field, round, at),
            parents: [heads.get(`${id} ${field}`) ?? ''],
            source: 'manual',
          });
          heads.set(`${id} ${field}`, op.op_id);
          return op;
        }),
      );
      const from = performance.now();
      await commit(one.store, ops);
      const saved = performance.now() - from;
      expected += ops.length;
      const pushed = await one.online(sent);
      await one.online(async () => (await place(one)) >= expected);
      return { saved, pushed };
    },
    pull: () => two.online(async () => (await place(two)) >= expected),
    async stop() {
      await one.stop();
      await two.stop();
    },
  };
}
