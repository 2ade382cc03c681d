import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSecrets } from '../../access/secrets.ts';
import { provenBy } from './ed25519.ts';
import { createSiteSigner } from './site-signer.ts';

const [first, second] = [randomBytes(32), randomBytes(32)];

test('the same key in every process, another one for each device and site', () => {
  const [here, there] = [createSiteSigner(createSecrets([first]), 'a'), createSiteSigner(createSecrets([first]), 'a')];
  expect(here('d').publicKey).toBe(there('d').publicKey);
  const all = [here('d'), here('e'), createSiteSigner(createSecrets([first]), 'b')('d')];
  expect(new Set(all.map(({ publicKey }) => publicKey)).size).toBe(3);
});

test('what an older key of the site signed is proved after the key was changed', () => {
  const before = createSiteSigner(createSecrets([first]), 'a');
  const after = createSiteSigner(createSecrets([second, first]), 'a');
  const signature = before('d').sign('text');
  expect(after('d').publicKey).not.toBe(before('d').publicKey);
  expect(after.keysOf('d').some((key) => provenBy(key, 'text', signature))).toBe(true);
  expect(after.keysOf('d').some((key) => provenBy(key, 'other text', signature))).toBe(false);
  expect(provenBy('no key', 'text', signature)).toBe(false);
});
