/** Sign-in at the site's identity provider, by a browser of this machine or by a code that is typed on another; and the tokens that come of it. */
import * as oidc from 'openid-client';
import type { SiteInfo } from '../../core/contract/access.ts';
import { openLoopback } from './loopback.ts';
import { patiently } from './patience.ts';
import type { SiteFetch } from './site-fetch.ts';
import { SiteLinkError } from './site-link.ts';

export type SignInPlace = NonNullable<SiteInfo['signIn']>;

export interface Tokens {
  readonly access: string;
  readonly refresh: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** What a person is shown on the way. */
export interface Shown {
  /** To be opened in a browser. */
  readonly open: string;
  readonly userCode: string | null;
  readonly expiresInMs: number;
}

/** `ended`: the tokens at hand are none any more. */
export type SignInRefusalKind = 'denied' | 'expired' | 'ended' | 'no-refresh' | 'refused';

/** The provider or the person said no. */
export class SignInRefusal extends Error {
  readonly kind: SignInRefusalKind;
  constructor(kind: SignInRefusalKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SignInRefusal';
    this.kind = kind;
  }
}

const MOST_BYTES = 1024 * 1024;
/** As long as the provider waits for a person. */
const BROWSER_MS = 15 * 60_000;
/** Less than openid-client tolerates. */
const CLOCK_SPARE_S = 10;
/** Between two looks where the site did not answer. */
const AGAIN_MS = 3_000;

export interface SignInParts {
  readonly fetch: SiteFetch;
  readonly now: () => number;
}

/** A problem of the way there keeps its own kind under openid-client's. */
function causeOf(error: unknown): unknown {
  for (let one: unknown = error; one instanceof Error; one = one.cause) if (one instanceof SiteLinkError) return one;
  return error;
}

function refusalOf(error: unknown): unknown {
  const cause = causeOf(error);
  if (cause instanceof SiteLinkError) return cause;
  const code =
    error instanceof oidc.ResponseBodyError || error instanceof oidc.AuthorizationResponseError ? error.error : '';
  const said = error instanceof Error ? error.message : String(error);
  if (code === 'access_denied') return new SignInRefusal('denied', said, { cause: error });
  if (code === 'invalid_grant') return new SignInRefusal('ended', said, { cause: error });
  if (code === 'expired_token') return new SignInRefusal('expired', said, { cause: error });
  if (code === 'temporarily_unavailable' || code === 'server_error')
    return new SiteLinkError('unreachable', said, { cause: error });
  if (code !== '') return new SignInRefusal('refused', said, { cause: error });
  // No answer of a provider at all: another product's page, a proxy's error.
  if (error instanceof oidc.ClientError) return new SiteLinkError('bad-answer', said, { cause: error });
  return error;
}

async function told<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    throw refusalOf(error);
  }
}

/**
 * [Note: Whose clock tokens go by] openid-client proves by the clock of this machine that a token has not ended, when the site has used up the one before already: a clock that is ahead
 * would sign the station out. So the provider's own clock is asked for, each time, and counts.
 */
export async function connectProvider(
  place: SignInPlace,
  { fetch }: Pick<SignInParts, 'fetch'>,
): Promise<oidc.Configuration> {
  let ahead = 0;
  const ask: oidc.CustomFetch = async (url, { method, headers, body, signal }) => {
    const response = await fetch(url, {
      method,
      headers,
      mostBytes: MOST_BYTES,
      ...(body === undefined || body === null ? {} : { body: String(body as string | URLSearchParams) }),
      ...(signal === undefined ? {} : { signal }),
    });
    const date = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(date)) ahead = Math.round((date - Date.now()) / 1_000);
    if (response.status < 500 && response.status !== 429) return response;
    // Too busy, or a proxy whose server is away: nothing was learnt, and it is worth another try.
    await response.body?.cancel();
    throw new SiteLinkError(
      'unreachable',
      `${new URL(url).host} answers with status ${response.status} at the moment.`,
    );
  };
  const discover = (skew: number): Promise<oidc.Configuration> =>
    told(() =>
      oidc.discovery(new URL(place.issuer), place.clientId, { [oidc.clockSkew]: skew }, oidc.None(), {
        [oidc.customFetch]: ask,
        // Whether plain http is allowed is decided for every single request (site-fetch.ts).
        execute: [oidc.allowInsecureRequests],
      }),
    );
  const found = await discover(0);
  return Math.abs(ahead) < CLOCK_SPARE_S ? found : discover(ahead);
}

/** What a person is sent to: a page of the web, encrypted wherever the site itself is. */
function webPage(address: string, { issuer }: SignInPlace): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const plain = url?.protocol === 'http:' && new URL(issuer).protocol === 'http:';
  if (url?.protocol === 'https:' || plain) return address;
  throw new SiteLinkError('bad-answer', 'The site names a sign-in page that is none of the web.');
}

const asking = ({ scope, audience }: SignInPlace): Record<string, string> =>
  audience === null ? { scope } : { scope, audience };

function tokensOf(
  answer: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers,
  now: () => number,
  last?: string,
): Tokens {
  const refresh = answer.refresh_token ?? last;
  if (refresh === undefined)
    throw new SignInRefusal('no-refresh', 'The identity provider gives no token that lasts longer than a session.');
  return { access: answer.access_token, refresh, until: now() + (answer.expires_in ?? 300) * 1_000 };
}

export async function signInByBrowser(
  place: SignInPlace,
  parts: SignInParts,
  { show, signal }: { readonly show: (shown: Shown) => void; readonly signal: AbortSignal },
): Promise<Tokens> {
  const configuration = await connectProvider(place, parts);
  webPage(configuration.serverMetadata().authorization_endpoint ?? '', place);
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const loopback = await openLoopback(state);
  try {
    const url = oidc.buildAuthorizationUrl(configuration, {
      ...asking(place),
      redirect_uri: loopback.redirectUri,
      state,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    show({ open: url.href, userCode: null, expiresInMs: BROWSER_MS });
    const answer = await before(loopback.answer, BROWSER_MS, signal);
    const checks = { pkceCodeVerifier: verifier, expectedState: state };
    const grant = () => told(() => oidc.authorizationCodeGrant(configuration, answer, checks), signal);
    return tokensOf(await redeemed(grant, signal), parts.now);
  } finally {
    loopback.close();
  }
}

/** A code that was taken, and whose answer was lost, is refused from then on: nobody but the line refused anything. */
async function redeemed<T>(grant: () => Promise<T>, signal: AbortSignal): Promise<T> {
  let away: SiteLinkError | undefined;
  const once = () =>
    grant().catch((error: unknown) => {
      if (error instanceof SiteLinkError) away = error;
      throw error;
    });
  try {
    return await patiently(once, signal);
  } catch (error) {
    throw error instanceof SignInRefusal && error.kind === 'ended' ? (away ?? error) : error;
  }
}

async function before<T>(wanted: Promise<T>, ms: number, signal: AbortSignal): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  const other = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    timer = setTimeout(() => reject(new SignInRefusal('expired', 'Nobody signed in in time.')), ms);
  });
  try {
    return await Promise.race([wanted, other]);
  } finally {
    clearTimeout(timer);
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}

export async function signInByCode(
  place: SignInPlace,
  parts: SignInParts,
  { show, signal }: { readonly show: (shown: Shown) => void; readonly signal: AbortSignal },
): Promise<Tokens> {
  const configuration = await connectProvider(place, parts);
  const started = await told(() => oidc.initiateDeviceAuthorization(configuration, asking(place)), signal);
  const expiresInMs = started.expires_in * 1_000;
  const end = parts.now() + expiresInMs;
  const open = webPage(started.verification_uri_complete ?? started.verification_uri, place);
  show({ open, userCode: started.user_code, expiresInMs });
  for (;;) {
    try {
      const poll = () => oidc.pollDeviceAuthorizationGrant(configuration, started, undefined, { signal });
      return tokensOf(await told(poll, signal), parts.now);
    } catch (error) {
      // The network was away for a moment: somebody may be typing the code right now (RFC 8628, 3.5).
      const worthIt = error instanceof SiteLinkError && error.kind === 'unreachable' && parts.now() < end;
      if (!worthIt) throw error;
      await before(new Promise<void>((resolve) => void setTimeout(resolve, AGAIN_MS)), AGAIN_MS * 2, signal);
    }
  }
}

/** New tokens for the refresh token; `SignInRefusal` where the sign-in has ended. */
export async function renewTokens(
  configuration: oidc.Configuration,
  refresh: string,
  now: () => number,
): Promise<Tokens> {
  const answer = await told(() => oidc.refreshTokenGrant(configuration, refresh));
  return tokensOf(answer, now, refresh);
}
