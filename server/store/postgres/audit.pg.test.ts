import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bulkLoadPostgres } from '../../../scripts/archive/bulk-load-postgres.ts';
import { newSite, openDatabase, postgres, sharedDatabase } from '../testing-postgres.ts';
import { asSuper } from '../testing-roles.ts';
import type { PostgresDatabase } from './create.ts';

const AT = `(SELECT op_id FROM op_log WHERE site = $1 ORDER BY seq LIMIT 1 OFFSET 40)`;
const HERE = `site = $1 AND op_id = ${AT}`;
const NUMBER = (n: number): string => `site = $1 AND dev_seq = ${n}`;
const tampers: Record<string, readonly string[]> = {
  'a letter of a body': [`UPDATE op_log SET body = replace(body, '"actor":"local:', '"actor":"local;') WHERE ${HERE}`],
  'a body and its hash': [`UPDATE op_log SET hash = lpad('1', 64, '0') WHERE ${HERE}`],
  'a value': [`UPDATE op_value SET value = '999999' WHERE ${HERE}`],
  'a reason': [`UPDATE op_value SET reason = 'made up' WHERE ${HERE}`],
  'a content taken away': [`DELETE FROM op_value WHERE ${HERE}`],
  'an erasure nobody wrote': [
    `DELETE FROM op_value WHERE ${HERE}`,
    `UPDATE op_log SET erased_by = 'nobody' WHERE ${HERE}`,
  ],
  'an operation deleted': [`DELETE FROM op_log WHERE ${HERE}`],
  'the last operation deleted': [
    `DELETE FROM op_log WHERE site = $1 AND seq = (SELECT max(seq) FROM op_log WHERE site = $1)`,
  ],
  'an operation inserted': [
    `INSERT INTO op_log SELECT site, seq + 1000, 'x', device, dev_seq + 1000, root, kind, body, hash, site_hash, received_at, verdict FROM op_log WHERE ${HERE}`,
  ],
  'two operations in each other’s place': [
    `UPDATE op_log SET seq = -1 WHERE site = $1 AND seq = 41`,
    `UPDATE op_log SET seq = 41 WHERE site = $1 AND seq = 42`,
    `UPDATE op_log SET seq = 42 WHERE site = $1 AND seq = -1`,
  ],
  'numbers of a device swapped': [
    `UPDATE op_log SET dev_seq = -1 WHERE ${NUMBER(41)}`,
    `UPDATE op_log SET dev_seq = 41 WHERE ${NUMBER(42)}`,
    `UPDATE op_log SET dev_seq = 42 WHERE ${NUMBER(-1)}`,
  ],
  'an operation refused behind its author’s back': [`UPDATE op_log SET verdict = 'refused:made-up' WHERE ${HERE}`],
  'an operation moved to another invoice': [`UPDATE op_log SET root = 'elsewhere' WHERE ${HERE}`],
  'another operation made invisible': [`UPDATE op_log SET kind = 'comment' WHERE ${HERE}`],
  'a value shown that no operation has': [
    `UPDATE cell_head SET value = '1' WHERE site = $1 AND op_id = (SELECT op_id FROM cell_head WHERE site = $1 LIMIT 1)`,
  ],
  'a head of nothing': [
    `INSERT INTO cell_head (site, root, entity, field, op_id, value) VALUES ($1, 'x', 'invoice:x', 'grossTotal', 'none', '1')`,
  ],
};

describe.skipIf(postgres.url === undefined)('audit of a site', () => {
  let database: PostgresDatabase;
  beforeAll(async () => {
    database = await openDatabase((await sharedDatabase()).url);
  });
  afterAll(() => database.close());

  async function loaded(): Promise<string> {
    const site = newSite();
    await database.createSite(site);
    await bulkLoadPostgres({ url: (await sharedDatabase()).url, site, count: 8, seed: 3 });
    return site;
  }

  test('a log that nobody touched', async () => {
    const { store } = await database.site(await loaded());
    expect(await store.verifyAudit()).toMatchObject({ devices: 1, erased: 0, known: 0, problems: [] });
    await store.rebuildHeads();
    expect((await store.verifyAudit()).problems).toEqual([]);
  });

  test.each(Object.keys(tampers))('found: %s', async (name) => {
    const site = await loaded();
    await asSuper(await sharedDatabase(), async (client: pg.Client) => {
      // Behind the back of every rule.
      await client.query('SET session_replication_role = replica');
      for (const sql of tampers[name] ?? []) expect((await client.query(sql, [site])).rowCount).toBeGreaterThan(0);
    });
    const { store } = await database.site(site);
    expect((await store.verifyAudit()).problems.length).toBeGreaterThan(0);
  });
});
