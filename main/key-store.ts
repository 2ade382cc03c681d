/** The system's key store for the server's process. What protects nothing is none: the server keeps a file then, and says so. */
import { KeyStoreCall, type KeyStoreAnswer } from '../core/contract/key-store.ts';

/** The parts of Electron's `safeStorage` that are used. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  encryptString(text: string): Buffer;
  decryptString(sealed: Buffer): string;
  getSelectedStorageBackend?(): string;
}

const NAMES: Readonly<Record<string, string>> = {
  darwin: 'Keychain',
  win32: 'DPAPI',
  gnome_libsecret: 'Secret Service',
  kwallet: 'KWallet',
  kwallet5: 'KWallet 5',
  kwallet6: 'KWallet 6',
};

/** On Linux Chromium falls back to a key that stands in its source (`basic_text`). */
function nameOf(storage: SafeStorage, platform: string): string | null {
  if (!storage.isEncryptionAvailable()) return null;
  return NAMES[platform === 'linux' ? (storage.getSelectedStorageBackend?.() ?? '') : platform] ?? null;
}

function answerTo({ what, text }: KeyStoreCall, storage: SafeStorage, platform: string): string | null {
  const name = nameOf(storage, platform);
  if (what === 'name' || name === null) return name;
  try {
    return what === 'seal'
      ? storage.encryptString(text).toString('base64')
      : storage.decryptString(Buffer.from(text, 'base64'));
  } catch {
    return null; // of another machine or user, or the person said no
  }
}

/** Undefined for what is no question to it. */
export const createKeyStore =
  (storage: SafeStorage, platform: string) =>
  (message: unknown): KeyStoreAnswer | undefined => {
    const call = KeyStoreCall.safeParse(message);
    if (!call.success) return undefined;
    return { answer: 'key-store', id: call.data.id, text: answerTo(call.data, storage, platform) };
  };
