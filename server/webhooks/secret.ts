/** Secrets of webhooks and what is signed by them (Standard Webhooks): `whsec_` and 24 to 64 bytes as base64; HMAC-SHA-256. */
import { createHmac } from 'node:crypto';
import { signedText } from '../../core/webhooks/event.ts';
import type { Secrets } from '../access/secrets.ts';
import type { Subscription } from '../store/webhook-store.ts';

const PREFIX = 'whsec_';
const BYTES = 32;

export const newSecret = (random: (bytes: number) => Uint8Array): string =>
  `${PREFIX}${Buffer.from(random(BYTES)).toString('base64')}`;

const place = (site: string, id: string): string => `webhook ${site} ${id}`;

export const sealSecret = (secrets: Secrets, site: string, id: string, secret: string): string =>
  secrets.seal('webhook', place(site, id), secret);

/** Those that sign now, the newest first. Undefined where one cannot be opened: the site's key was dropped too early, or the row is not the one it was. */
export function openSecrets(
  secrets: Secrets,
  site: string,
  { id, secrets: kept }: Subscription,
  now: string,
): string[] | undefined {
  const current = kept.filter(({ until }) => until === null || until > now);
  const opened = current.flatMap(({ sealed }) => secrets.open('webhook', place(site, id), sealed) ?? []);
  return opened.length === 0 || opened.length < current.length ? undefined : opened;
}

const signature = (secret: string, text: string): string =>
  `v1,${createHmac('sha256', Buffer.from(secret.slice(PREFIX.length), 'base64'))
    .update(text)
    .digest('base64')}`;

/** One signature for each secret: the receiver accepts any of them. */
export function signedHeaders(
  opened: readonly string[],
  { id, seconds, body }: { readonly id: string; readonly seconds: number; readonly body: string },
): Record<string, string> {
  const text = signedText(id, seconds, body);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': opened.map((secret) => signature(secret, text)).join(' '),
  };
}
