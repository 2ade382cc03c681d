/** The device's Ed25519 key: made here, never leaves this machine. */
import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { z } from 'zod';
import type { Secrets } from './secrets.ts';

export interface DeviceKey {
  /** Raw 32 bytes as base64url. */
  readonly publicKey: string;
  sign(bytes: Uint8Array): Uint8Array;
}

const Kept = z.object({ device: z.string(), x: z.string(), d: z.string() });

const keyOf = (publicKey: string, key: KeyObject): DeviceKey => ({
  publicKey,
  sign: (bytes) => sign(null, bytes, key),
});

/** Of this very device; a key of another is none. */
export async function readDeviceKey(secrets: Secrets, device: string): Promise<DeviceKey | undefined> {
  const text = await secrets.get('device-key');
  if (text === undefined) return undefined;
  try {
    const kept = Kept.parse(JSON.parse(text));
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: kept.x, d: kept.d };
    return kept.device === device ? keyOf(kept.x, createPrivateKey({ key: jwk, format: 'jwk' })) : undefined;
  } catch {
    return undefined; // altered: it signs nothing
  }
}

export async function makeDeviceKey(secrets: Secrets, device: string): Promise<DeviceKey> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { x = '', d = '' } = privateKey.export({ format: 'jwk' });
  await secrets.set('device-key', JSON.stringify({ device, x, d }));
  return keyOf(x, privateKey);
}

export const proofBy = (key: DeviceKey, text: string): string =>
  Buffer.from(key.sign(Buffer.from(text))).toString('base64url');
