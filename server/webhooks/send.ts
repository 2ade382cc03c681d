/** One request to one receiver, and what it means. The status alone counts: 2xx is received, 410 is the wish for no more. */
import { bodyOf, type WebhookEvent } from '../../core/webhooks/event.ts';
import { createOutboundFetch, type OutboundOptions } from '../access/outbound.ts';
import type { Secrets } from '../access/secrets.ts';
import type { Subscription } from '../store/webhook-store.ts';
import { VERSION } from '../version.ts';
import { openSecrets, signedHeaders } from './secret.ts';

/** From the look-up of the name to the status. */
const LONGEST_MS = 10_000;

export interface Sent {
  readonly kind: 'delivered' | 'failed' | 'gone';
  readonly status: number | null;
  /** A code without content: `http-500`, `timeout`, `ECONNREFUSED`, `private-address`, `redirect`, ... */
  readonly error: string | null;
  readonly ms: number;
}

export interface SenderOptions extends Pick<OutboundOptions, 'privateHosts' | 'resolver'> {
  readonly secrets: Secrets;
  readonly origin: string;
  readonly now: () => number;
  /** For tests; 10 seconds. */
  readonly longestMs?: number;
}

/** Throws nothing but the reason of `signal`. */
export type Send = (
  site: string,
  subscription: Subscription,
  event: WebhookEvent,
  signal?: AbortSignal,
) => Promise<Sent>;

function codeOf(error: unknown): string {
  const { name, code, details } = error as { name?: unknown; code?: unknown; details?: { reason?: unknown } };
  if (name === 'TimeoutError' || name === 'AbortError') return 'timeout';
  if (typeof details?.reason === 'string') return details.reason;
  return typeof code === 'string' ? code : 'failed';
}

export function createSender(options: SenderOptions): Send {
  const { secrets, origin, now, longestMs = LONGEST_MS, privateHosts = [], resolver } = options;
  const fetch = createOutboundFetch({
    privateHosts,
    statusOnly: true,
    ...(resolver === undefined ? {} : { resolver }),
  });
  return async (site, subscription, event, signal) => {
    const begun = performance.now();
    const result = (kind: Sent['kind'], status: number | null, error: string | null): Sent => ({
      kind,
      status,
      error,
      ms: Math.round(performance.now() - begun),
    });
    const opened = openSecrets(secrets, site, subscription, new Date(now()).toISOString());
    if (opened === undefined) return result('failed', null, 'secret-unreadable');
    const body = bodyOf(event, site, origin);
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': `ap-intake/${VERSION}`,
      // Each try anew: receivers refuse what is minutes old.
      ...signedHeaders(opened, { id: event.id, seconds: Math.floor(now() / 1_000), body }),
    };
    const ended = AbortSignal.any([AbortSignal.timeout(longestMs), ...(signal === undefined ? [] : [signal])]);
    try {
      const { status } = await fetch(subscription.url, { method: 'POST', headers, body, signal: ended });
      if (status >= 200 && status < 300) return result('delivered', status, null);
      return result(status === 410 ? 'gone' : 'failed', status, `http-${status}`);
    } catch (error) {
      signal?.throwIfAborted();
      return result('failed', null, codeOf(error));
    }
  };
}
