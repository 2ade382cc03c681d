import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkIncarnation, nextIncarnation, placeOf } from './incarnation.ts';
import { createFileSecrets, LockedError } from './secrets.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ap-keys-'));
  path = join(folder, 'keys.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A database's mark, and starts of it that may be cut off. */
function database() {
  const state: { mark?: string } = {};
  let last = 0;
  const secrets = createFileSecrets(path);
  return {
    state,
    secrets,
    async start(cutOff: 'before the database' | 'after the database' | 'never' = 'never') {
      const found = state.mark === undefined ? 'new' : await checkIncarnation(secrets, state.mark, 'here');
      last += 1;
      const next = `mark ${last}`;
      const write = async (): Promise<void> => {
        if (cutOff === 'before the database') throw new Error('power cut');
        state.mark = next;
        if (cutOff === 'after the database') throw new Error('power cut');
      };
      await nextIncarnation(secrets, { before: state.mark, next }, 'here', write).catch(() => undefined);
      return found;
    },
  };
}

test('a start that is cut off anywhere is no copy', async () => {
  const one = database();
  const start = (cutOff?: Parameters<typeof one.start>[0]): Promise<string> => one.start(cutOff);
  expect(await start()).toBe('new');
  expect(await start('before the database')).toBe('same');
  expect(await start('after the database')).toBe('same');
  expect(await start('before the database')).toBe('same');
  expect(await start()).toBe('same');
  expect(await start()).toBe('same');
});

test('an older database, another place, no keys: a copy', async () => {
  const one = database();
  const { state, secrets } = one;
  await one.start();
  const older = state.mark!;
  await one.start();
  expect(await checkIncarnation(secrets, state.mark!, 'here')).toBe('same');
  expect(await checkIncarnation(secrets, older, 'here')).toBe('copied');
  expect(await checkIncarnation(secrets, state.mark!, 'elsewhere')).toBe('copied');
  await secrets.delete('incarnation');
  expect(await checkIncarnation(secrets, state.mark!, 'here')).toBe('copied');
  expect(placeOf(folder)).toBe(placeOf(join(folder, '.')));
  expect(placeOf(folder)).not.toBe(placeOf(join(folder, 'copy')));
});

test('secrets are for this user alone, whole or not at all; torn ones are none', async () => {
  const secrets = createFileSecrets(path);
  expect(await secrets.get('device-key')).toBeUndefined();
  expect(existsSync(path)).toBe(false);
  await Promise.all([secrets.set('device-key', 'a key'), secrets.set('refresh-token', 'a token')]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect([await secrets.get('device-key'), await secrets.get('refresh-token')]).toEqual(['a key', 'a token']);
  await secrets.delete('device-key');
  expect([await secrets.get('device-key'), await secrets.get('refresh-token')]).toEqual([undefined, 'a token']);
  expect(readdirSync(folder)).toEqual(['keys.json']);
  writeFileSync(path, '{"v":1,"items":');
  expect(await secrets.get('refresh-token')).toBeUndefined();
});

test('sealed where there is a key store, and locked where it has gone or is another', async () => {
  const sealer = {
    name: 'store',
    seal: async (text: string) => Buffer.from(text).toString('hex'),
    open: async (sealed: string) => Buffer.from(sealed, 'hex').toString(),
  };
  const secrets = createFileSecrets(path, () => Promise.resolve(sealer));
  await secrets.set('device-key', 'a key');
  expect([await secrets.keyStore(), await secrets.get('device-key')]).toEqual(['store', 'a key']);
  await expect(createFileSecrets(path).get('device-key')).rejects.toThrow(LockedError);
  const other = { ...sealer, open: async () => undefined };
  await expect(createFileSecrets(path, () => Promise.resolve(other)).get('device-key')).rejects.toThrow(LockedError);
});
