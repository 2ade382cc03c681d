/**
 * Commits invoices and corrections to a database until it is killed, writing the id of every operation to stdout once its commit was acknowledged.
 * Arguments: database file, seed.
 */
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { pendingOp } from '../../core/invoice/log.ts';
import { project } from '../../core/invoice/project.ts';
import { projectionOf } from '../../core/invoice/summary.ts';
import { fieldSetOp } from '../../core/sync/drafts.ts';
import { uuid7 } from '../../core/sync/ids.ts';
import type { OpDraft } from '../../core/sync/op.ts';
import { sha256 } from '../../server/store/sqlite/log.ts';
import { createSqliteStore } from '../../server/store/sqlite/create.ts';
import { createArchive } from './invoices.ts';

const [path = '', seed = '1'] = process.argv.slice(2);
const begun = performance.now();
const { store } = await createSqliteStore({ path, now: Date.now, random: randomBytes });
writeSync(1, `ready ${Math.round(performance.now() - begun)}\n`);
const archive = createArchive(Number(seed));
const acknowledge = (ops: readonly OpDraft[]): void => {
  writeSync(1, ops.map((op) => `ack ${op.op_id} ${op.root}\n`).join(''));
};

for (let round = 0; ; round += 1) {
  const item = archive.next();
  const { id } = item.invoice;
  const born = { ops: item.ops, documents: [item.document], jobs: [], at: item.at };
  await store.commit({ ...born, projections: [{ expect: 0, projection: projectionOf(item.invoice) }] });
  acknowledge(item.ops);
  const stored = await store.opsOf(id);
  const draft = fieldSetOp(
    { opId: uuid7(Date.now(), randomBytes(10)), actor: 'local:loop', salt: randomBytes(32).toString('hex') },
    id,
    {
      entity: { type: 'invoice', id },
      field: 'contractRef',
      value: `round-${round}`,
      parents: [],
      source: 'manual',
    },
  );
  const at = new Date().toISOString();
  const invoice = project(
    { id, ops: [...stored, pendingOp(draft, at)], readings: new Map(), document: item.document },
    sha256,
  );
  const projections = [{ expect: stored.length, projection: projectionOf(invoice) }];
  const job = {
    id: uuid7(Date.now(), randomBytes(10)),
    name: 'validate' as const,
    data: { invoice: id },
    root: id,
    priority: 0,
  };
  await store.commit({ ops: [draft], projections, documents: [], jobs: [job], at });
  acknowledge([draft]);
}
