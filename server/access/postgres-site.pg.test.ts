import { randomBytes } from 'node:crypto';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgres } from '../store/testing-postgres.ts';
import { createTestDatabase, type TestDatabase } from '../store/testing-roles.ts';
import { verifyEvents } from './audit.ts';
import { createPostgresAccessStore, migrateAccess } from './store/postgres.ts';
import { startSite, type TestSite } from './testing-site.ts';

describe.skipIf(postgres.url === undefined)('sign-in with its state on Postgres', () => {
  let database: TestDatabase;
  let one: TestSite;
  let two: TestSite;
  beforeAll(async () => {
    database = await createTestDatabase(postgres.url ?? '', { migrated: false });
    await migrateAccess(database.ownerUrl);
    const open = () => createPostgresAccessStore(database.pool(4));
    const keys = [randomBytes(32)];
    one = await startSite({ store: open(), keys });
    two = await startSite({ store: open(), keys, origin: one.origin });
  });
  afterAll(async () => {
    await one.close();
    await two.close();
    await database.drop();
  });

  const meAtTwo = async (token: string): Promise<number> =>
    (await two.ask('/api/v1/me', { authorization: `Bearer ${token}`, host: `127.0.0.1:${one.port}` })).status;

  test('signed in at one replica with both steps, known at the other, ended at both', async () => {
    const who = await one.person('approver');
    const { access, configuration, refresh } = await one.signIn(who);
    expect(await meAtTwo(access)).toBe(200);
    const next = await oidc.refreshTokenGrant(configuration, refresh);
    expect(await meAtTwo(next.access_token)).toBe(200);
    await expect(oidc.refreshTokenGrant(configuration, refresh)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(oidc.refreshTokenGrant(configuration, next.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await two.access.users.disable('main', 'service:test', who.id);
    expect((await one.request('/api/v1/me', access)).status).toBe(401);
  });

  test('many sign in at once; the chain of what happened is whole', async () => {
    const people = await Promise.all(Array.from({ length: 8 }, () => one.person('reviewer')));
    const tokens = await Promise.all(people.map((person) => one.signIn(person)));
    for (const { access } of tokens) expect(await meAtTwo(access)).toBe(200);
    const report = await verifyEvents(one.store, 'main');
    expect(report.problems).toEqual([]);
    expect(report.events).toBeGreaterThanOrEqual(24);
  });
});
