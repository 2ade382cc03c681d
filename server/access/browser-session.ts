/**
 * Browser sessions of the web UI. The code flow ends at this server, which keeps no token in the browser: an HttpOnly cookie names a session, a script cannot
 * read it, another site's page cannot use it. Works the same with the built-in provider and with an external one.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { randomBytes } from 'node:crypto';
import * as oidc from 'openid-client';
import { z } from 'zod';
import { WEB_SIGN_IN } from '../../core/contract/access.ts';
import { languageOf, pageHeaders } from './pages/layout.ts';
import { notePage } from './pages/sign-in-pages.ts';
import { readCookie, setCookie } from './cookies.ts';
import type { Parts } from './parts.ts';
import { WEB_CALLBACK } from './provider/clients.ts';
import { plainDigest } from './secrets.ts';

const MODEL = 'BrowserSession';
const MINUTE_MS = 60_000;
/** Without a request for this long it ends. */
const IDLE_MS = 2 * 60 * MINUTE_MS;
/** However busy, after this long a password is asked for again. */
const LONGEST_MS = 12 * 60 * MINUTE_MS;
const FLOW_S = 10 * 60;
const MOST_REMEMBERED = 5_000;
const FLOW_COOKIE = 'ap_flow';

const Kept = z.object({ site: z.string(), account: z.string(), createdAt: z.number(), seenAt: z.number() });
const Flow = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), to: z.string(), at: z.number() });

export interface SessionOwner {
  readonly site: string;
  readonly account: string;
  /** Epoch seconds. */
  readonly issuedAt: number;
}

/** Where a session's person comes from: the provider's metadata, and whom its ID token means. */
export interface SessionSource {
  configuration(): Promise<oidc.Configuration>;
  readonly scope: string;
  ownerOf(claims: oidc.IDToken): Promise<{ readonly site: string; readonly account: string } | undefined>;
}

export interface BrowserSessions {
  /** What is known of the cookie of this request without looking: for counting, never for letting in. Undefined where there is none. */
  shown(request: FastifyRequest): { readonly site: string | undefined } | undefined;
  /** Of the cookie of this request. */
  owner(request: FastifyRequest): Promise<SessionOwner | undefined>;
  /** Whether it still is one; looking does not make it last longer. */
  isOpen(request: FastifyRequest): Promise<boolean>;
  end(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  install(app: FastifyInstance): void;
}

/** Only a place of this very server. */
export const safeReturn = (wanted: unknown): string =>
  typeof wanted === 'string' &&
  /^\/(?![/\\])[^\\\p{C}]*$/u.test(wanted) &&
  !/^\/(?:session|sign-in|oidc)\b/.test(wanted)
    ? wanted
    : '/';

function failed(request: FastifyRequest, reply: FastifyReply, error: string) {
  const language = languageOf(request.headers['accept-language']);
  const page =
    error === 'denied'
      ? notePage(language, 'signin.error.title', 'signin.denied')
      : notePage(language, 'signin.error.title', 'signin.error.say', { error });
  return reply
    .code(error === 'denied' ? 403 : 400)
    .headers(pageHeaders())
    .send(page);
}

export function createBrowserSessions(
  parts: Parts,
  source: SessionSource,
  forget: (request: FastifyRequest) => Promise<void>,
): BrowserSessions {
  const { store, secrets, now, origin } = parts;
  const secure = origin.startsWith('https:');
  // The prefix makes browsers refuse one that another host or an insecure page set.
  const name = secure ? '__Host-ap_session' : 'ap_session';

  /** Of those that came lately. */
  const sites = new Map<string, string>();
  function remember(token: string, site: string | undefined): void {
    if (site === undefined) sites.delete(token);
    else if (sites.get(token) !== site) {
      if (sites.size >= MOST_REMEMBERED) sites.clear();
      sites.set(token, site);
    }
  }

  function recordOf(token: string, session: z.infer<typeof Kept>) {
    const id = plainDigest(token);
    const payload = secrets.seal('record', `${MODEL}/${id}`, JSON.stringify(session));
    const expiresAt = Math.min(session.createdAt + LONGEST_MS, session.seenAt + IDLE_MS);
    return { model: MODEL, id, payload, expiresAt };
  }

  async function read(token: string): Promise<z.infer<typeof Kept> | undefined> {
    const id = plainDigest(token);
    const found = await store.record(MODEL, { id }, now());
    const text = found === undefined ? undefined : secrets.open('record', `${MODEL}/${id}`, found.payload);
    return text === undefined ? undefined : Kept.parse(JSON.parse(text));
  }

  async function begin(request: FastifyRequest, reply: FastifyReply) {
    const { to, site } = request.query as { to?: string; site?: string };
    const configuration = await source.configuration();
    const flow = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
      to: safeReturn(to),
      at: now(),
    };
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: `${origin}${WEB_CALLBACK}`,
      scope: source.scope,
      state: flow.state,
      nonce: flow.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(flow.verifier),
      code_challenge_method: 'S256',
      ...(typeof site === 'string' ? { site } : {}),
    });
    // Lax: the way back comes from the provider, which may be another site.
    setCookie(reply, FLOW_COOKIE, secrets.seal('cookie', 'flow', JSON.stringify(flow)), {
      secure,
      sameSite: 'Lax',
      path: '/session',
      maxAgeS: FLOW_S,
    });
    return reply.header('cache-control', 'no-store').redirect(url.href, 303);
  }

  async function ended(request: FastifyRequest, reply: FastifyReply) {
    const sealed = readCookie(request, FLOW_COOKIE);
    const text = sealed === undefined ? undefined : secrets.open('cookie', 'flow', sealed);
    setCookie(reply, FLOW_COOKIE, '', { secure, sameSite: 'Lax', path: '/session', maxAgeS: 0 });
    const flow = text === undefined ? undefined : Flow.parse(JSON.parse(text));
    if (flow === undefined || now() - flow.at > FLOW_S * 1_000) return failed(request, reply, 'expired');
    let claims: oidc.IDToken | undefined;
    try {
      const tokens = await oidc.authorizationCodeGrant(await source.configuration(), new URL(request.url, origin), {
        pkceCodeVerifier: flow.verifier,
        expectedState: flow.state,
        expectedNonce: flow.nonce,
        idTokenExpected: true,
      });
      claims = tokens.claims();
    } catch (error) {
      if (error instanceof oidc.AuthorizationResponseError && error.error === 'access_denied')
        return reply.redirect('/', 303);
      parts.log.warn('browser sign-in refused', { reqId: request.id, error });
      return failed(request, reply, 'refused');
    }
    const owner = claims === undefined ? undefined : await source.ownerOf(claims);
    if (owner === undefined) return failed(request, reply, 'denied');
    // A new secret for each session: one that was set before is worth nothing.
    const token = randomBytes(32).toString('base64url');
    const session = { ...owner, createdAt: now(), seenAt: now() };
    await store.putRecord({ ...recordOf(token, session), grant: null, userCode: null, uid: null });
    setCookie(reply, name, token, { secure, sameSite: 'Strict', path: '/', maxAgeS: LONGEST_MS / 1_000 });
    return reply.header('cache-control', 'no-store').redirect(flow.to, 303);
  }

  return {
    shown(request) {
      const token = readCookie(request, name);
      return token === undefined ? undefined : { site: sites.get(token) };
    },
    async owner(request) {
      const token = readCookie(request, name);
      if (token === undefined) return undefined;
      const session = await read(token);
      remember(token, session?.site);
      if (session === undefined) return undefined;
      // Not with every request: a minute more or less is no matter.
      if (now() - session.seenAt > MINUTE_MS) {
        // Signed out since it was read: it stays so, and whoever asks is nobody.
        if (!(await store.touchRecord(recordOf(token, { ...session, seenAt: now() })))) return undefined;
      }
      return { site: session.site, account: session.account, issuedAt: Math.floor(session.createdAt / 1_000) };
    },
    async isOpen(request) {
      const token = readCookie(request, name);
      return token !== undefined && (await read(token)) !== undefined;
    },
    async end(request, reply) {
      const token = readCookie(request, name);
      if (token !== undefined) await store.dropRecord(MODEL, plainDigest(token));
      await forget(request);
      setCookie(reply, name, '', { secure, sameSite: 'Strict', path: '/', maxAgeS: 0 });
    },
    install(app) {
      const config = { open: true };
      app.route({ method: 'GET', url: WEB_SIGN_IN, config, handler: begin });
      app.route({ method: 'GET', url: WEB_CALLBACK, config, handler: ended });
    },
  };
}
