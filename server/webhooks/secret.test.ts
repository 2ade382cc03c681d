import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSecrets } from '../access/secrets.ts';
import type { Subscription } from '../store/webhook-store.ts';
import { newSecret, openSecrets, sealSecret, signedHeaders } from './secret.ts';

test('signatures are those of the specification: its own example', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const headers = signedHeaders([secret], {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    seconds: 1_614_265_330,
    body: '{"test": 2432232314}',
  });
  expect(headers).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('a secret opens in its own place, by its own key, as long as it is valid', () => {
  const secrets = createSecrets([randomBytes(32)]);
  const secret = newSecret(randomBytes);
  expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
  const sealed = sealSecret(secrets, 'main', 'w1', secret);
  const one = (id: string, until: string | null = null): Subscription =>
    ({ id, secrets: [{ sealed, until }] }) as unknown as Subscription;
  expect(openSecrets(secrets, 'main', one('w1'), '2026-01-01')).toEqual([secret]);
  expect(openSecrets(secrets, 'main', one('w1', '2026-02-01'), '2026-01-01')).toEqual([secret]);
  expect(openSecrets(secrets, 'main', one('w1', '2025-02-01'), '2026-01-01')).toBeUndefined();
  expect(openSecrets(secrets, 'north', one('w1'), '2026-01-01')).toBeUndefined();
  expect(openSecrets(secrets, 'main', one('w2'), '2026-01-01')).toBeUndefined();
  expect(openSecrets(createSecrets([randomBytes(32)]), 'main', one('w1'), '2026-01-01')).toBeUndefined();
});
