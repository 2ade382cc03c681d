/** Everything of access, put together for a site: built once by the composition, given to `createApp` as its front. */
import type { FastifyInstance, InjectOptions } from 'fastify';
import * as oidc from 'openid-client';
import { accessApi, type SiteInfo } from '../../core/contract/access.ts';
import type { NewEvent } from '../../core/access/audit-event.ts';
import type { RatePolicy } from '../../core/access/rate.ts';
import type { Front } from '../app.ts';
import type { Log } from '../log.ts';
import { type BrowserSessions, createBrowserSessions, type SessionSource } from './browser-session.ts';
import { readCookie } from './cookies.ts';
import { createDevices } from './devices.ts';
import { createExternalProvider, type ExternalProvider, type ExternalSettings } from './external.ts';
import { installSiteGuard } from './guard.ts';
import { createOutboundFetch } from './outbound.ts';
import { installStyle } from './pages/forms.ts';
import { installSignInPages } from './pages/routes.ts';
import { event, parseSubject, type Parts } from './parts.ts';
import { createPasswords } from './passwords.ts';
import { createPrincipals } from './principal.ts';
import { DESKTOP_CLIENT, WEB_CLIENT } from './provider/clients.ts';
import { createProviderHolder, type ProviderHolder } from './provider/holder.ts';
import { mountProvider } from './provider/mount.ts';
import { issuerOf, type ProviderOptions, SESSION_COOKIE } from './provider/provider.ts';
import { createAdmission } from './rates.ts';
import { installAccessRoutes } from './routes.ts';
import { createSiteSigner, SNAPSHOTS } from '../sync/hub/site-signer.ts';
import { createSecrets } from './secrets.ts';
import { createSignIn } from './sign-in.ts';
import type { AccessStore } from './store/access-store.ts';
import { installTelling } from './told.ts';
import { createBuiltInVerifier, createExternalVerifier } from './tokens.ts';
import { createUsers, type Users } from './users.ts';

export interface SiteAccessOptions {
  readonly store: AccessStore;
  readonly log: Log;
  readonly now: () => number;
  readonly newId: () => string;
  /** As people see it: `https://ap.example.com`, without a path. */
  readonly origin: string;
  readonly sites: readonly string[];
  /** 32 random bytes each, from a secret file; the current one first, older ones only open what they sealed. */
  readonly keys: readonly Uint8Array[];
  /** Instead of the built-in provider. */
  readonly external?: ExternalSettings;
  /** Addresses of the proxies in front, as Fastify's `trustProxy`: their word on the caller's address is taken. */
  readonly trustProxy?: boolean | string;
  readonly lifetimes?: ProviderOptions['lifetimes'];
  /** What each site may ask of this process. */
  readonly rate?: RatePolicy;
}

export interface SiteAccess {
  readonly front: Front;
  readonly parts: Parts;
  readonly users: Users;
  /** For what other parts do: exports, settings, updates, restores. */
  tell(site: string, event: NewEvent): Promise<void>;
  /** Looks for keys that another replica made; `start` does it once a minute. */
  refreshKeys(): Promise<void>;
  /** Rotation of keys and removal of what has ended. */
  start(): void;
  close(): Promise<void>;
}

export async function createSiteAccess(options: SiteAccessOptions): Promise<SiteAccess> {
  const { store, log, now, newId, origin, sites } = options;
  if (new URL(origin).origin !== origin) throw new Error(`${origin} must be scheme, host and port alone`);
  const parts: Parts = {
    store,
    log,
    now,
    newId,
    origin,
    sites,
    secrets: createSecrets(options.keys),
    passwords: createPasswords(),
  };
  const users = createUsers(parts);
  const made =
    options.external === undefined ? await builtIn(parts, options.lifetimes) : external(parts, options.external);
  const front: Front = {
    ...(options.trustProxy === undefined ? {} : { trustProxy: options.trustProxy }),
    endpoints: accessApi,
    guard(app) {
      installSiteGuard(app, {
        parts,
        verify: made.verify,
        sessions: made.sessions,
        resolve: createPrincipals(parts),
        ...(options.rate === undefined
          ? {}
          : { admit: createAdmission(options.rate, now), admitLook: createAdmission(options.rate, now) }),
      });
      // Before the routes: a hook is only for those that come after it.
      installTelling(app, parts);
    },
    async routes(app) {
      installStyle(app);
      await made.install(app);
      made.sessions.install(app);
      const { sessions, stationSignIn } = made;
      const devices = createDevices(parts);
      const keys = new Map(sites.map((site) => [site, createSiteSigner(parts.secrets, site).keysOf(SNAPSHOTS)]));
      const siteKeys = (site: string): readonly string[] => keys.get(site) ?? [];
      installAccessRoutes(app, { parts, users, devices, sessions, stationSignIn, siteKeys });
    },
  };
  return {
    front,
    parts,
    users,
    async tell(site, told) {
      await store.commit(site, { events: [told] });
    },
    refreshKeys: () => made.refresh(),
    start: () => made.start(),
    async close() {
      made.stop();
      await store.close();
    },
  };
}

interface Made {
  readonly verify: ReturnType<typeof createBuiltInVerifier>;
  readonly sessions: BrowserSessions;
  readonly stationSignIn: SiteInfo['signIn'];
  install(app: FastifyInstance): Promise<void>;
  refresh(): Promise<void>;
  start(): void;
  stop(): void;
}

/** The server is its own provider: it asks itself within the process, whatever stands between it and its public name. */
function askingItself(app: () => FastifyInstance, origin: string): oidc.CustomFetch {
  return async (url, init) => {
    const { pathname, search } = new URL(url);
    const headers = { ...Object.fromEntries(new Headers(init.headers)), host: new URL(origin).host };
    // Forms are all that this protocol sends.
    const { body: sent } = init;
    const body = sent instanceof URLSearchParams || typeof sent === 'string' ? { payload: String(sent) } : {};
    const reply = await app().inject({
      method: init.method,
      url: `${pathname}${search}`,
      headers,
      ...body,
    } as InjectOptions);
    const received = new Headers();
    for (const [name, value] of Object.entries(reply.headers))
      if (value !== undefined) received.set(name, String(value));
    return new Response(new Uint8Array(reply.rawPayload), { status: reply.statusCode, headers: received });
  };
}

async function builtIn(parts: Parts, lifetimes: SiteAccessOptions['lifetimes']): Promise<Made> {
  const holder: ProviderHolder = await createProviderHolder(parts, lifetimes);
  const { origin, secrets } = parts;
  let app: FastifyInstance | undefined;
  const own = (): FastifyInstance => {
    if (app === undefined) throw new Error('the routes are not installed yet');
    return app;
  };
  let known: Promise<oidc.Configuration> | undefined;
  const source: SessionSource = {
    scope: 'openid',
    configuration: () =>
      (known ??= oidc.discovery(
        new URL(issuerOf(origin)),
        WEB_CLIENT,
        { id_token_signed_response_alg: 'ES256' },
        oidc.ClientSecretBasic(secrets.derived('client', 'web')),
        {
          [oidc.customFetch]: askingItself(own, origin),
          execute: [oidc.allowInsecureRequests],
        },
      )),
    ownerOf: async ({ sub }) => parseSubject(sub),
  };
  return {
    verify: createBuiltInVerifier(parts, holder),
    stationSignIn: { issuer: issuerOf(origin), clientId: DESKTOP_CLIENT, scope: 'openid', audience: null },
    // The provider remembers the browser too: signed out is signed out.
    sessions: createBrowserSessions(parts, source, async (request) => {
      const session = await holder.provider().Session.find(readCookie(request, SESSION_COOKIE) ?? '');
      await session?.destroy();
    }),
    async install(into) {
      app = into;
      await mountProvider(into, holder, origin);
      await installSignInPages(into, { parts, signIn: createSignIn(parts), holder });
    },
    refresh: () => holder.refresh(),
    start: () => holder.start(),
    stop: () => holder.close(),
  };
}

function external(parts: Parts, settings: ExternalSettings): Made {
  const provider: ExternalProvider = createExternalProvider(parts, settings);
  const { privateHosts = [], issuer, clientId, clientSecret, audience, station } = settings;
  const fetch = createOutboundFetch({ privateHosts });
  let known: Promise<oidc.Configuration> | undefined;
  const configuration = async (): Promise<oidc.Configuration> => {
    const insecure = issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : [];
    const auth = clientSecret === undefined ? oidc.None() : oidc.ClientSecretBasic(clientSecret);
    known ??= oidc.discovery(new URL(issuer), clientId, undefined, auth, {
      [oidc.customFetch]: (url, init) => fetch(url, init as RequestInit),
      execute: insecure,
    });
    try {
      return await known;
    } catch (error) {
      // It may be back for the next person.
      known = undefined;
      throw error;
    }
  };
  const source: SessionSource = {
    scope: 'openid profile email',
    configuration,
    async ownerOf(claims) {
      const account = await provider.accountFor(claims.sub, claims);
      if (account === undefined) return undefined;
      await parts.store.commit(account.site, {
        events: [event(parts, 'sign-in', `user:${account.id}`, { how: 'external' })],
      });
      return { site: account.site, account: account.id };
    },
  };
  const jwksUri = async (): Promise<string> => {
    const uri = (await configuration()).serverMetadata().jwks_uri;
    if (uri === undefined) throw new Error('the identity provider names no keys');
    return uri;
  };
  return {
    verify: createExternalVerifier({ issuer, audience, jwksUri, privateHosts }, provider),
    sessions: createBrowserSessions(parts, source, async () => undefined),
    stationSignIn: station === undefined ? null : { issuer, ...station, audience },
    install: async () => undefined,
    refresh: async () => undefined,
    start: () => undefined,
    stop: () => undefined,
  };
}
