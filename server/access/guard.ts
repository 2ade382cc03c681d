/**
 * Who may speak to a site's server. The exact host; then a bearer token or the cookie of a browser session; then the action of the endpoint by the table of
 * core/access. Everything without an action is refused: a route that somebody forgot to name is closed, not open. The station has a guard of its own (../guard.ts).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Action } from '../../core/access/actions.ts';
import { grants } from '../../core/access/can.ts';
import { ENDPOINT_ACTIONS, transitionAction } from '../../core/access/endpoints.ts';
import { accessApi } from '../../core/contract/access.ts';
import { AppError } from '../../core/contract/errors.ts';
import { api } from '../../core/contract/http.ts';
import { syncApi } from '../../core/contract/sync-http.ts';
import { leaseApi, togetherApi } from '../../core/contract/together-http.ts';
import { webhooksApi } from '../../core/contract/webhooks.ts';
import type { Endpoint } from '../endpoint.ts';
import type { BrowserSessions } from './browser-session.ts';
import type { Parts, Principal } from './parts.ts';
import type { Presented, Resolved } from './principal.ts';
import type { Admit } from './rates.ts';
import type { VerifyToken } from './tokens.ts';
import { addressGroup } from './tries.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The action of a route that has no contract. */
    action?: Action;
  }
  interface FastifyRequest {
    /** At a site, once the guard has let the request in. */
    principal: Principal | null;
  }
}

/** Of a request that the guard has let in. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === null) throw new AppError('unauthorized', 'Sign in first.');
  return request.principal;
}

export interface GuardOptions {
  /** What a site may ask for; without it as much as it likes. */
  readonly admit?: Admit;
  /** How often an address may have a cookie looked up of which nobody knows the site yet. */
  readonly admitLook?: Admit;
  readonly parts: Parts;
  readonly verify: VerifyToken;
  readonly sessions: BrowserSessions;
  readonly resolve: (presented: Presented) => Promise<Resolved>;
  /** Contracts of later parts, by their name in `ENDPOINT_ACTIONS`. */
  readonly contracts?: Readonly<Record<string, Endpoint>>;
}

const CHANGING = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
const BODIES = new Set(['application/json', 'application/octet-stream', 'multipart/form-data']);

const NAMES = { ...api, ...accessApi, ...syncApi, ...togetherApi, ...leaseApi, ...webhooksApi };

const signedOut = (): AppError =>
  new AppError('unauthorized', 'Sign in first, or again: the sign-in has ended.', { reason: 'signed-out' });
const DEVICE = 'This device was revoked. What it holds stays on it; an admin of the site can tell why.';

/** Whoever comes with the device's own token may know when it was removed, and by whom. */
const refused = (resolved: Extract<Resolved, { kind: 'refused' }>): AppError =>
  resolved.why === 'device'
    ? new AppError('unauthorized', DEVICE, { reason: 'device-revoked', at: resolved.at, by: resolved.by })
    : signedOut();

/** A cookie is sent along whoever made the page: what it comes from must be our own page. */
function refuseForeignPage(request: FastifyRequest, origin: string): void {
  const { headers } = request;
  const fetchSite = headers['sec-fetch-site'];
  if (headers.origin !== undefined && headers.origin !== origin)
    throw new AppError('forbidden', 'Requests from other origins are refused.');
  if (fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none')
    throw new AppError('forbidden', 'Requests from other sites are refused.');
  if (!CHANGING.has(request.method)) return;
  if (headers.origin === undefined && fetchSite !== 'same-origin')
    throw new AppError('forbidden', 'A change from a browser must say where it comes from.');
}

function refuseForms({ method, headers }: FastifyRequest): void {
  if (!CHANGING.has(method)) return;
  // Forms cannot do that, and there is nothing in it to have a type.
  if (method === 'DELETE' && headers['content-type'] === undefined) return;
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!BODIES.has(type))
    throw new AppError('unsupported', 'A change must be sent as JSON, octet-stream or multipart/form-data.');
}

function refuse(principal: Principal, action: Action): void {
  if (grants(principal.role, action)) return;
  throw new AppError('forbidden', 'Your role at this site does not allow this.', { action, role: principal.role });
}

/** `/api/v1/sites/:site/...`: the one place where the site stands in the address. */
function refuseOtherSite(request: FastifyRequest, principal: Principal): void {
  const { site } = request.params as { site?: string };
  if (site !== undefined && site !== principal.site)
    // The same whether it exists or not: whoever is not of a site learns nothing of it.
    throw new AppError('forbidden', 'This is not your site.', { reason: 'not_in_site' });
}

function refuseTooMany(reply: FastifyReply, waitMs: number): void {
  if (waitMs === 0) return;
  void reply.header('retry-after', Math.max(1, Math.ceil(waitMs / 1_000)));
  throw new AppError('too_many', 'Your site asks for more than it may at the moment. Try again in a moment.');
}

const challenge = (reply: FastifyReply): void => void reply.header('www-authenticate', 'Bearer realm="ap-intake"');

/** How long a stream may outlive the right to it. */
const STREAM_LOOK_MS = 10_000;

/** A stream of events is one request that never ends: who it is for is looked at again and again. */
function watchStream(reply: FastifyReply, isStillIn: () => Promise<boolean>): void {
  const timer = setInterval(() => {
    // What cannot be looked up now is looked up at the next turn.
    isStillIn().then(
      (still) => still || reply.raw.destroy(),
      () => undefined,
    );
  }, STREAM_LOOK_MS).unref();
  reply.raw.once('close', () => clearInterval(timer));
}

export function installSiteGuard(
  app: FastifyInstance,
  { parts, verify, sessions, resolve, admit, admitLook, contracts = {} }: GuardOptions,
): void {
  const { origin } = parts;
  const { host } = new URL(origin);
  const names = new Map<unknown, string>(
    Object.entries({ ...NAMES, ...contracts }).map(([name, endpoint]) => [endpoint, name]),
  );

  const actionOf = ({ routeOptions: { config } }: FastifyRequest): Action | 'open' | undefined => {
    if (config.endpoint === undefined) return config.open === true ? 'open' : config.action;
    const name = names.get(config.endpoint);
    return name === undefined ? undefined : ENDPOINT_ACTIONS[name];
  };

  /** Refuses what is too much before anything is looked up in the database. Whose a token is stands in it; whose a browser's session is is known from the time before. */
  async function presented(request: FastifyRequest, reply: FastifyReply): Promise<Presented> {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const [scheme = '', token = ''] = authorization.split(' ');
      const bearer = scheme.toLowerCase() === 'bearer' ? await verify(token) : undefined;
      if (bearer === undefined) throw signedOut();
      refuseTooMany(reply, admit?.(bearer.site) ?? 0);
      return { ...bearer, via: 'token' };
    }
    const cookie = sessions.shown(request);
    if (cookie === undefined) throw signedOut();
    const { site } = cookie;
    refuseTooMany(reply, (site === undefined ? admitLook?.(addressGroup(request.ip)) : admit?.(site)) ?? 0);
    const owner = await sessions.owner(request);
    if (owner === undefined) throw signedOut();
    if (owner.site !== site) refuseTooMany(reply, admit?.(owner.site) ?? 0);
    refuseForeignPage(request, origin);
    return { ...owner, grant: null, via: 'session' };
  }

  app.decorateRequest('principal', null);
  app.addHook('onRequest', async (request, reply) => {
    // Probes of the container ask by whatever name they know.
    if (request.routeOptions.config.endpoint !== api.health && request.headers.host !== host)
      throw new AppError('forbidden', `This server answers only to ${host}.`, { reason: 'host', host });
    const action = actionOf(request);
    if (action === 'open') return;
    try {
      const shown = await presented(request, reply);
      const resolved = await resolve(shown);
      if (resolved.kind === 'refused') throw refused(resolved);
      request.principal = resolved.principal;
      if (request.routeOptions.config.endpoint?.reply === 'events')
        watchStream(reply, async () => {
          if (shown.via === 'session' && !(await sessions.isOpen(request))) return false;
          const now = await resolve(shown);
          return now.kind === 'principal' && now.principal.role === resolved.principal.role;
        });
    } catch (error) {
      if (error instanceof AppError && error.code === 'unauthorized') challenge(reply);
      throw error;
    }
    // A path that does not exist: told apart only for somebody who is signed in.
    if (request.is404) return;
    if (action === undefined) throw new AppError('forbidden', 'This is not open at a site.');
    refuseOtherSite(request, request.principal);
    refuse(request.principal, action);
    refuseForms(request);
  });
  app.addHook('preHandler', async (request) => {
    const { principal } = request;
    if (principal === null || request.routeOptions.config.endpoint !== api.transition) return;
    refuse(principal, transitionAction((request.body as { to?: unknown } | null)?.to));
  });
}
