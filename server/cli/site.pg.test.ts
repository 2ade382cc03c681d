import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { author, newId, NOTHING } from '../store/testing-stores.ts';
import { fieldSetOp } from '../../core/sync/drafts.ts';
import { createPostgresDatabase } from '../store/postgres/create.ts';
import { postgres } from '../store/testing-postgres.ts';
import { createTestDatabase } from '../store/testing-roles.ts';
import { told } from './testing-cli.ts';

const site = (url: string | undefined, ...args: string[]) =>
  told(['site', ...args], url === undefined ? {} : { DATABASE_URL: url });

describe.skipIf(postgres.url === undefined)('ap-intake site', () => {
  test('says where each site’s log ends, takes the word of a backup and of a restore', async () => {
    const database = await createTestDatabase(postgres.url ?? '');
    const opened = await createPostgresDatabase({ url: database.url, poolSize: 2, now: Date.now, random: randomBytes });
    await opened.createSite('main');
    const { store, hub } = await opened.site('main');
    const id = newId();
    const entity = { type: 'invoice' as const, id };
    const set = { entity, field: 'invoiceNumber', value: '1', parents: [], source: 'manual' as const };
    for (let n = 0; n < 3; n += 1)
      expect((await store.commit({ ...NOTHING, ops: [fieldSetOp(author(), id, set)] })).kind).toBe('ok');
    const before = await hub.history();
    const history = await site(database.url, 'history');
    expect(JSON.parse(history.out)).toEqual({
      site: 'main',
      epoch: 1,
      seq: 3,
      site_hash: before.siteHash,
      durable_seq: 0,
    });
    expect(await site(database.url, 'backed-up', '--seq', '2')).toMatchObject({ code: 0 });
    expect((await hub.history()).durableSeq).toBe(2);
    // A word that cannot be true, and one of an older backup.
    expect(await site(database.url, 'backed-up', '--seq', '9')).toMatchObject({ code: 1 });
    expect(await site(database.url, 'backed-up', '--seq', '1')).toMatchObject({ code: 0 });
    expect((await hub.history()).durableSeq).toBe(2);
    expect(await site(database.url, 'backed-up')).toMatchObject({ code: 2 });
    expect(await site(database.url, 'backed-up', '--seq', '2', '--site', 'other')).toMatchObject({ code: 2 });

    expect(await site(database.url, 'restored')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^main: epoch \d+ after 1/),
    });
    const after = await hub.history();
    expect(after.epoch).toBeGreaterThan(1);
    expect(after.device).not.toBe(before.device);
    expect(after).toMatchObject({ seq: 3, siteHash: before.siteHash, durableSeq: 0 });
    await opened.close();
    await database.drop();
  });

  test('says what is missing', async () => {
    expect(await site(undefined, 'restored')).toMatchObject({ code: 2, said: expect.stringContaining('DATABASE_URL') });
    expect(await site(undefined, 'gone')).toMatchObject({ code: 2, said: expect.stringContaining('restored') });
  });
});
