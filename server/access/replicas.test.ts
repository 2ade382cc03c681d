import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as oidc from 'openid-client';
import { expect, test } from 'vitest';
import { createLog } from '../log.ts';
import { createKeys, publicKeys } from './keys.ts';
import { createPasswords } from './passwords.ts';
import type { Parts } from './parts.ts';
import { createSecrets } from './secrets.ts';
import { createSqliteAccessStore } from './store/sqlite.ts';
import { startSite } from './testing-site.ts';
import { inviteFirstAdmin } from './users.ts';

const HOUR_MS = 3_600_000;

test('keys: the new one is published before it signs, the old one counts as long as tokens of it live', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ap-keys-'));
  const store = await createSqliteAccessStore(join(folder, 'access.db'));
  let nowMs = 1_800_000_000_000;
  let made = 0;
  const parts = (key: Uint8Array): Parts => ({
    store,
    secrets: createSecrets([key]),
    passwords: createPasswords(),
    log: createLog({ write: () => undefined }, 'error'),
    now: () => nowMs,
    newId: () => `key-${(made += 1)}`,
    origin: 'http://127.0.0.1',
    sites: ['main'],
  });
  const own = randomBytes(32);
  // Two replicas that start at once agree on one key.
  const [a, b] = [createKeys(parts(own)), createKeys(parts(own))];
  const [first, second] = await Promise.all([a.load(), b.load()]);
  expect(first.mark).toBe(second.mark);
  const kids = async (): Promise<(string | undefined)[]> => (await a.load()).keys.map(({ kid }) => kid);
  const [old] = await kids();
  expect(await a.rotate()).toBe(false);
  expect(await a.rotate('now')).toBe(true);
  const next = (await kids())[1];
  expect(await kids()).toEqual([old, next]);
  nowMs += HOUR_MS;
  expect(await kids()).toEqual([next, old]);
  nowMs += 31 * 24 * HOUR_MS;
  expect(await Promise.all([a.rotate(), b.rotate()])).toContain(true);
  expect(await kids()).toHaveLength(2);
  expect(await kids()).not.toContain(old);
  for (const key of publicKeys(await b.load()).keys)
    expect(Object.keys(key).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  // With another site key nothing opens: a new key is made, and it is the one that signs.
  const foreign = await createKeys(parts(randomBytes(32))).load();
  expect(foreign.keys).toHaveLength(1);
  await store.close();
  rmSync(folder, { recursive: true });
});

const kidOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid;

test('two replicas on one store: signed in at one, known at the other; a rotation at one is seen by the other', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ap-replicas-'));
  const path = join(folder, 'access.db');
  const keys = [randomBytes(32)];
  const one = await startSite({ store: await createSqliteAccessStore(path), keys });
  // Behind a proxy both have the same name; here the second one answers under its own port to the same origin.
  const two = await startSite({ store: await createSqliteAccessStore(path), keys, origin: one.origin });
  const who = await one.person('reviewer');
  const { access, configuration, refresh } = await one.signIn(who);
  const meAt = async (token: string): Promise<number> => {
    const reply = await two.ask('/api/v1/me', { authorization: `Bearer ${token}`, host: `127.0.0.1:${one.port}` });
    return reply.status;
  };
  expect(await meAt(access)).toBe(200);
  await one.rotateKeys();
  const next = await oidc.refreshTokenGrant(configuration, refresh);
  expect(kidOf(next.access_token)).not.toBe(kidOf(access));
  two.clock.offsetMs = one.clock.offsetMs;
  expect(await meAt(next.access_token)).toBe(200);
  await one.access.users.disable('main', 'service:test', who.id);
  expect(await meAt(next.access_token)).toBe(401);
  await one.close();
  await two.close();
  rmSync(folder, { recursive: true });
});

test('the first admin gets a link, once there is one nobody does', async () => {
  const site = await startSite();
  const { parts, users } = site.access;
  const wish = { site: 'main', login: 'ada@harbour.example', name: 'Ada' };
  const first = await inviteFirstAdmin(parts, users, wish);
  const lost = await inviteFirstAdmin(parts, users, wish);
  expect(lost?.link).not.toBe(first?.link);
  const password = 'eleven quiet lighthouses';
  expect((await site.browser().open(first?.link ?? '', { password, again: password })).status).toBe(404);
  expect((await site.browser().open(lost?.link ?? '', { password, again: password })).status).toBe(200);
  expect(await inviteFirstAdmin(parts, users, wish)).toBeUndefined();
  await site.close();
});
