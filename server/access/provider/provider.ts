/** The built-in OpenID provider: oidc-provider, narrowed to what this product needs, its state on the access store (docs/access.md). */
import { type Configuration, interactionPolicy, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { actorOf, event, parseSubject, type Parts } from '../parts.ts';
import { needsSecondFactor } from '../../../core/access/roles.ts';
import type { Account } from '../account.ts';
import type { KeySet } from '../keys.ts';
import { notePage } from '../pages/sign-in-pages.ts';
import { plainDigest } from '../secrets.ts';
import { createAdapter } from './adapter.ts';
import { API_SCOPE, audienceOf, clientsOf } from './clients.ts';
import { answer, deviceFlow, languageIn } from './device-pages.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const issuerOf = (origin: string): string => `${origin}/oidc`;
export const SESSION_COOKIE = 'ap_oidc';
/** How long after its password somebody is signed in elsewhere without being asked again. */
const SESSION_S = 8 * HOUR;

export interface ProviderOptions {
  readonly parts: Parts;
  readonly keys: KeySet;
  /** Names of the parts of a site that may differ by test: lifetimes in seconds. */
  readonly lifetimes?: Partial<Record<'AccessToken' | 'RefreshToken' | 'DeviceCode', number>>;
}

/** An account that may have tokens now. */
export const isUsable = (account: Account | undefined): account is Account =>
  account?.state === 'active' &&
  (account.subject !== null || !needsSecondFactor(account.role) || account.totp !== null);

async function accountOf({ store, sites }: Parts, subject: string): Promise<Account | undefined> {
  const at = parseSubject(subject);
  if (at === undefined || !sites.includes(at.site)) return undefined;
  const account = await store.account(at.site, at.account);
  return isUsable(account) ? account : undefined;
}

/** Asks again where the password, the second factor or the account changed since, and before a program of this machine uses a sign-in of the browser. */
function policyOf(parts: Parts): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  policy.get('login')?.checks.add(
    new interactionPolicy.Check('session_ended', 'the sign-in is not valid any more', async (ctx) => {
      const { session, result } = ctx.oidc;
      if (session?.accountId === undefined || result?.login !== undefined)
        return interactionPolicy.Check.NO_NEED_TO_PROMPT;
      const account = await accountOf(parts, session.accountId);
      const valid = account !== undefined && (session.loginTs ?? 0) >= account.validFrom;
      return valid ? interactionPolicy.Check.NO_NEED_TO_PROMPT : interactionPolicy.Check.REQUEST_PROMPT;
    }),
  );
  const consent = policy.get('consent');
  consent?.checks.remove('native_client_prompt');
  consent?.checks.add(
    // RFC 8252, 8.6: any program of the machine could pretend to be the station; a click of the person is between. Whoever typed a password just now, or
    // compared a code, has made it.
    new interactionPolicy.Check('same_person', 'a click is needed', 'interaction_required', (ctx) => {
      const { client, result, route } = ctx.oidc as KoaContextWithOIDC['oidc'] & {
        route: string;
      };
      const asked =
        result?.login !== undefined ||
        result?.consent !== undefined ||
        route.startsWith('device') ||
        route.startsWith('code_verification');
      const native = client?.applicationType === 'native';
      return native && !asked ? interactionPolicy.Check.REQUEST_PROMPT : interactionPolicy.Check.NO_NEED_TO_PROMPT;
    }),
  );
  return policy;
}

/** Each sign-in has a grant of its own: revoking one device ends its tokens and no others. */
async function newGrant(ctx: KoaContextWithOIDC, audience: string) {
  const { provider, client, session } = ctx.oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid');
  grant.addResourceScope(audience, API_SCOPE);
  await grant.save();
  return grant;
}

function configuration({ parts, keys, lifetimes }: ProviderOptions): Configuration {
  const { origin, secrets } = parts;
  const audience = audienceOf(origin);
  const https = origin.startsWith('https:');
  const reused = (payload: { accountId?: string | undefined }): void => {
    const at = payload.accountId === undefined ? undefined : parseSubject(payload.accountId);
    if (at === undefined) return;
    parts.store
      .commit(at.site, { events: [event(parts, 'token.reused', actorOf(at.account))] })
      .catch((error: unknown) => parts.log.error('security event not kept', { error }));
  };
  return {
    adapter: createAdapter(parts, reused),
    clients: clientsOf(origin, secrets.derived('client', 'web')),
    jwks: { keys: [...keys.keys] },
    cookies: {
      keys: [secrets.derived('cookie', 'provider')],
      names: { session: SESSION_COOKIE, interaction: 'ap_oidc_step', resume: 'ap_oidc_resume' },
      long: { httpOnly: true, sameSite: 'lax', signed: true, secure: https, path: '/' },
      short: { httpOnly: true, sameSite: 'lax', signed: true, secure: https },
    },
    scopes: ['openid'],
    responseTypes: ['code'],
    pkce: { required: () => true },
    clientAuthMethods: ['none', 'client_secret_basic', 'private_key_jwt'],
    enabledJWA: { idTokenSigningAlgValues: ['ES256'], clientAuthSigningAlgValues: ['EdDSA'] },
    subjectTypes: ['public'],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      deviceFlow: deviceFlow(async (subject) => (await accountOf(parts, subject))?.name),
      // One's own tokens only; whoever has one may end it.
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      dPoP: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: API_SCOPE,
          audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: lifetimes?.AccessToken ?? 10 * MINUTE,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    // The sign-in that a token belongs to: a device is found by it, and ends with it.
    extraTokenClaims: (_ctx, token) => {
      const { grantId } = token as { grantId?: string };
      return grantId === undefined ? {} : { grant: plainDigest(grantId) };
    },
    rotateRefreshToken: true,
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: () => false,
    ttl: {
      AccessToken: lifetimes?.AccessToken ?? 10 * MINUTE,
      ClientCredentials: lifetimes?.AccessToken ?? 10 * MINUTE,
      AuthorizationCode: MINUTE,
      IdToken: 10 * MINUTE,
      // From the last use: a station that is opened once in a quarter stays signed in.
      RefreshToken: lifetimes?.RefreshToken ?? 90 * DAY,
      DeviceCode: lifetimes?.DeviceCode ?? 10 * MINUTE,
      Interaction: 15 * MINUTE,
      Session: SESSION_S,
      Grant: 400 * DAY,
    },
    extraParams: ['site'],
    interactions: { policy: policyOf(parts), url: (_ctx, interaction) => `/sign-in/${interaction.uid}` },
    loadExistingGrant: (ctx) => newGrant(ctx, audience),
    async findAccount(_ctx, subject, token) {
      const account = await accountOf(parts, subject);
      // What was issued before a disabling or a new password stays ended after the account is back.
      if (account === undefined || ((token as { iat?: number } | undefined)?.iat ?? Infinity) < account.validFrom)
        return undefined;
      return { accountId: subject, claims: () => ({ sub: subject }) };
    },
    clientBasedCORS: () => false,
    renderError(ctx, out) {
      answer(ctx, notePage(languageIn(ctx), 'signin.error.title', 'signin.error.say', { error: out.error }));
    },
  };
}

/**
 * A page of a sign-in whose session has ended, or never was: oidc-provider renders it and then fails, because it saves a session that it never kept. Told as
 * what it is.
 */
const LOST = 'persist can only be called on previously persisted Sessions';

async function sayLost(ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> {
  try {
    await next();
  } catch (error) {
    if (!(error instanceof TypeError) || error.message !== LOST) throw error;
    answer(ctx, notePage(languageIn(ctx), 'signin.gone.title', 'signin.gone.say'));
    ctx.status = 400;
  }
}

export function createProvider(options: ProviderOptions): Provider {
  const { log, origin } = options.parts;
  const provider = new Provider(issuerOf(origin), configuration(options));
  // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Koa awaits what it runs
  provider.use(sayLost);
  // The guard has compared the host, and the scheme is set where requests come in (mount.ts).
  provider.proxy = true;
  // Without a listener Koa writes to the console.
  (provider as NodeJS.EventEmitter).on('error', (error: unknown) =>
    log.error('the sign-in provider failed', { error }),
  );
  provider.on('server_error', (_ctx: unknown, error: unknown) => log.error('the sign-in provider failed', { error }));
  return provider;
}
