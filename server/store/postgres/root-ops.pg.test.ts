import { describe, expect, test } from 'vitest';
import { fieldSetOp } from '../../../core/sync/drafts.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import type { OpsOfRoot } from '../hub-snapshots.ts';
import { newSite, openDatabase, postgres, sharedDatabase } from '../testing-postgres.ts';
import { author, NOTHING } from '../testing-stores.ts';

const LETTERS = 40_000;

describe.skipIf(postgres.url === undefined)('operations of one root', () => {
  test('all of them, in answers that a station reads', async () => {
    const { url } = await sharedDatabase();
    const database = await openDatabase(url);
    const site = newSite();
    await database.createSite(site);
    const { store, hub } = await database.site(site);
    if (hub === undefined) throw new Error('a site has a hub');
    const item = createArchive(78).next();
    const { id } = item.invoice;
    const entity = { type: 'invoice' as const, id };
    const set = (value: string) =>
      fieldSetOp(author(), id, { entity, field: 'contractRef', value, parents: [], source: 'manual' as const });
    await store.commit({ ...NOTHING, ops: item.ops, documents: [item.document] });
    await store.commit({ ...NOTHING, ops: Array.from({ length: 90 }, () => set('x'.repeat(LETTERS))) });
    await store.commit({ ...NOTHING, ops: Array.from({ length: 1_100 }, (_, n) => set(String(n))) });
    const all = (await store.opsOf(id)).map(({ body }) => body.op_id);
    const answers: OpsOfRoot[] = [];
    for (let after: number | null = 0; after !== null;) {
      const answer: OpsOfRoot = await hub.snapshots.opsOf(id, after);
      answers.push(answer);
      after = answer.next;
    }
    const given = answers.flatMap(({ ops }) => ops.map(({ body }) => (JSON.parse(body) as { op_id: string }).op_id));
    expect(given).toEqual(all);
    expect(answers.length).toBeGreaterThan(2);
    for (const { ops } of answers) {
      expect(ops.length).toBeLessThanOrEqual(1_000);
      expect(JSON.stringify(ops).length).toBeLessThan(8 * 1024 * 1024);
    }
    await database.close();
  });
});
