import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli } from '../cli.ts';
import { openDatabase, postgres } from '../store/testing-postgres.ts';
import { createTestDatabase } from '../store/testing-roles.ts';

async function run(
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ code: number; out: string; said: string }> {
  const told = { out: '', said: '' };
  const out = (text: string): void => void (told.out += text);
  const say = (line: string): void => void (told.said += line);
  const code = await runCli(args, { env, cwd: '/', out, say, signal: new AbortController().signal });
  return { code, ...told };
}

test('wrong settings are told before anything is opened, and the command ends', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ap-key-'));
  await expect(run(['invite-admin', 'ada@harbour.test'], { AP_DATA: folder })).rejects.toThrow('PUBLIC_URL');
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});

describe.skipIf(postgres.url === undefined)('ap-intake invite-admin', () => {
  test('after migrate: a link for the first admin, another one when it got lost; a wrong site is told', async () => {
    const database = await createTestDatabase(postgres.url ?? '', { migrated: false });
    const folder = mkdtempSync(join(tmpdir(), 'ap-key-'));
    const file = join(folder, 'key');
    writeFileSync(file, Buffer.alloc(32, 1).toString('base64'));
    expect((await run(['migrate'], { DATABASE_URL: database.ownerUrl })).code).toBe(0);
    const env = { DATABASE_URL: database.url, PUBLIC_URL: 'https://ap.harbour.test', SITE_KEY_FILE: file };
    const first = await run(['invite-admin', 'Ada@Harbour.test', '--name', 'Ada'], env);
    expect(first).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^https:\/\/ap\.harbour\.test\/sign-in\/invitation\/main\/[\w-]{43}\n$/),
    });
    const again = await run(['invite-admin', 'ada@harbour.test'], env);
    expect([again.code, again.out === first.out]).toEqual([0, false]);
    expect(await run(['invite-admin', 'a@b.test', '--site', 'none'], env)).toMatchObject({
      code: 2,
      said: expect.stringContaining('main'),
    });
    expect((await run(['invite-admin'], env)).code).toBe(2);
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  test('the audit of a site: its operations and its security events; jobs of one site or all', async () => {
    const database = await createTestDatabase(postgres.url ?? '', { migrated: false });
    const env = { DATABASE_URL: database.url };
    expect((await run(['migrate'], { DATABASE_URL: database.ownerUrl })).code).toBe(0);
    const site = await openDatabase(database.url);
    await site.createSite('main');
    await site.close();
    expect(await run(['verify-audit'], env)).toMatchObject({
      code: 0,
      out: expect.stringMatching(
        /^site main\n0 operations of 0 devices.* 0 problems\n0 security events, 0 problems\n$/,
      ),
    });
    expect(await run(['jobs', 'dead'], env)).toMatchObject({ code: 0, out: '' });
    expect(await run(['jobs', 'replay', '--all', '--site', 'main'], env)).toMatchObject({ code: 0 });
    await database.drop();
  });
});
