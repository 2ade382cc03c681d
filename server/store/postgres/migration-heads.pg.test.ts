import { describe, expect, test } from 'vitest';
import { tick } from '../../../core/sync/hlc.ts';
import { headsOfOldLog, OLD_LOG, supersededInOldLog } from '../testing-old-log.ts';
import { postgres } from '../testing-postgres.ts';
import { asSuper, createTestDatabase } from '../testing-roles.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';

const CELL = "root || ' ' || entity || ' ' || field || ' ' || op_id || ' ' ||";

describe.skipIf(postgres.url === undefined)('heads of roots', () => {
  test('heads of before are made again for each root, a program of before moves them too, and what may be in conflict is shown again', async () => {
    const database = await createTestDatabase(postgres.url ?? '', { migrated: false });
    const url = database.ownerUrl;
    await migrate({ url, now: Date.now, migrations: MIGRATIONS.slice(0, 7) });
    await asSuper(database, async (client) => {
      for (const [at, { value, verdict, ...op }] of OLD_LOG.entries()) {
        await client.query(
          `INSERT INTO op_log (site, seq, op_id, device, dev_seq, root, kind, body, hash, site_hash, received_at, verdict)
           VALUES ('s', $1, $2, 'd', $1, $3, $4, $5, '', '', now(), $6)`,
          [at + 1, op.op_id, op.root, op.kind, JSON.stringify(op), verdict],
        );
        await client.query("INSERT INTO op_value (site, op_id, value, salt) VALUES ('s', $1, $2, '')", [
          op.op_id,
          value,
        ]);
      }
      await client.query(
        "INSERT INTO cell_head (site, entity, field, op_id, value) VALUES ('s', 'line:l', 'a', 'op7', 'f')",
      );
      for (const id of ['mine', 'quiet'])
        await client.query(
          `INSERT INTO invoices (site, id, revision, state, status, created_at, updated_at, document_sha, sort_vendor, sort_number, sort_issued, sort_due,
             sort_gross, attention, summary) VALUES ('s', $1, 1, '', '', now(), now(), '', '', '', '', '', 0, 0, '{}')`,
          [id],
        );
    });
    await migrate({ url, now: Date.now });
    await asSuper(database, async (client) => {
      const lines = async (sql: string): Promise<string[]> =>
        (await client.query<{ line: string }>(sql)).rows.map(({ line }) => line).toSorted();
      const heads = () => lines(`SELECT ${CELL} coalesce(value, 'null') AS line FROM cell_head`);
      expect(await heads()).toEqual(headsOfOldLog().toSorted());
      expect(await lines(`SELECT ${CELL} count AS line FROM superseded`)).toEqual(supersededInOldLog().toSorted());
      expect(await lines("SELECT root AS line FROM job WHERE name = 'refresh' AND state = 'waiting'")).toEqual([
        'mine',
      ]);
      const { rows } = await client.query(
        "SELECT relname FROM pg_class WHERE relname IN ('op_log', 'op_value', 'cell_head', 'superseded', 'invoices', 'job') AND NOT relforcerowsecurity",
      );
      expect(rows).toEqual([]);
      // It names no roots.
      await client.query(
        `SELECT move_heads('s', '[{"entity":"line:l","field":"a","op_id":"op4","n":1}]', '[{"entity":"line:l","field":"b","op_id":"op2","value":"x"}]')`,
      );
      const moved = headsOfOldLog().filter((line) => line !== 'mine line:l a op4 null');
      expect(await heads()).toEqual([...moved, 'mine line:l b op2 x'].toSorted());
    });
  });

  test('lessons of before get the time of their authors', async () => {
    const database = await createTestDatabase(postgres.url ?? '', { migrated: false });
    const url = database.ownerUrl;
    const at = MIGRATIONS.findIndex(({ sql }) => sql.includes('ADD COLUMN stamp'));
    const before = MIGRATIONS.slice(0, at);
    await migrate({ url, now: Date.now, migrations: before });
    const hlc = tick('', Date.UTC(2025, 4, 6, 7, 8, 9, 12), 'd');
    await asSuper(database, async (client) => {
      await client.query(
        `INSERT INTO op_log (site, seq, op_id, device, dev_seq, root, kind, body, hash, site_hash, received_at, verdict)
         VALUES ('s', 1, 'one', 'd', 1, 'v', 'lesson.learned', $1, '', '', now(), 'accepted')`,
        [JSON.stringify({ hlc })],
      );
      await client.query(
        `INSERT INTO lesson (site, id, vendor, vendor_name, invoice, op_id, actor, learned_at, data) VALUES ('s', 'one', 'v', '', '', 'one', '', now(), '{}')`,
      );
    });
    await migrate({ url, now: Date.now });
    await asSuper(database, async (client) => {
      const { rows } = await client.query<{ stamp: string; at: Date }>('SELECT stamp, learned_at AS at FROM lesson');
      expect(rows).toEqual([{ stamp: `${hlc} one`, at: new Date('2025-05-06T07:08:09.012Z') }]);
    });
  });
});
