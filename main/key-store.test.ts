import { expect, test } from 'vitest';
import { createKeyStore, type SafeStorage } from './key-store.ts';

const storage = (more: Partial<SafeStorage> = {}): SafeStorage => ({
  isEncryptionAvailable: () => true,
  encryptString: (text) => Buffer.from(`sealed ${text}`),
  decryptString(sealed) {
    const text = sealed.toString();
    if (!text.startsWith('sealed ')) throw new Error('not mine');
    return text.slice(7);
  },
  getSelectedStorageBackend: () => 'gnome_libsecret',
  ...more,
});
const call = (what: string, text = '') => ({ ask: 'key-store', id: 7, what, text });

test('seals and opens; what is not its own is nothing', () => {
  const keys = createKeyStore(storage(), 'linux');
  const sealed = keys(call('seal', 'a key'))?.text ?? '';
  expect(sealed).not.toContain('a key');
  expect(keys(call('open', sealed))).toEqual({ answer: 'key-store', id: 7, text: 'a key' });
  expect(keys(call('open', 'bm90IG1pbmU='))?.text).toBeNull();
});

test('a store that protects nothing is none', () => {
  const name = (platform: string, more: Partial<SafeStorage> = {}) =>
    createKeyStore(storage(more), platform)(call('name'))?.text;
  expect(name('linux')).toBe('Secret Service');
  expect(name('darwin', { getSelectedStorageBackend: undefined as never })).toBe('Keychain');
  expect(name('win32')).toBe('DPAPI');
  for (const backend of ['basic_text', 'unknown'])
    expect(name('linux', { getSelectedStorageBackend: () => backend })).toBeNull();
  expect(name('darwin', { isEncryptionAvailable: () => false })).toBeNull();
  const none = createKeyStore(storage({ isEncryptionAvailable: () => false }), 'linux');
  expect(none(call('seal', 'a key'))?.text).toBeNull();
});

test('other messages are not for it', () => {
  const keys = createKeyStore(storage(), 'linux');
  for (const other of [undefined, 'seal', { ask: 'key-store' }, call('format'), { ...call('seal'), id: 'x' }])
    expect(keys(other)).toBeUndefined();
});
