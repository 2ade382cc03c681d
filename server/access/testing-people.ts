/** For tests and benches: people of a site, who join and sign in by its own pages, and a browser without a screen that walks through them. */
import { exportJWK, generateKeyPair } from 'jose';
import * as oidc from 'openid-client';
import type { Role } from '../../core/access/roles.ts';
import { DESKTOP_CLIENT } from './provider/clients.ts';
import { codeAt, fromBase32, stepAt } from './totp.ts';
import type { Users } from './users.ts';

export const PASSWORD = 'seven grey herons at dusk';
export const LOOPBACK = 'http://127.0.0.1:49152/callback';

export interface Seen {
  readonly status: number;
  readonly url: string;
  readonly headers: Headers;
  readonly text: string;
}

export interface TestBrowser {
  /** Follows redirects as long as they stay at the site. */
  open(url: string, form?: Readonly<Record<string, string>>): Promise<Seen>;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  cookies(): string;
}

const MOST_REDIRECTS = 10;

export function createBrowser(origin: string, headers: Readonly<Record<string, string>> = {}): TestBrowser {
  const jar = new Map<string, { name: string; value: string; path: string }>();
  const sent = (path: string): string =>
    [...jar.values()]
      .filter(
        (cookie) =>
          path === cookie.path || path.startsWith(cookie.path.endsWith('/') ? cookie.path : `${cookie.path}/`),
      )
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  function keep(reply: Response, from: string): void {
    for (const line of reply.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const [name = '', ...rest] = pair.split('=');
      const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? from;
      const ended = attributes.some((one) => /^max-age=0$/i.test(one) || /^expires=Thu, 01 Jan 1970/i.test(one));
      if (ended) jar.delete(`${name} ${path}`);
      else jar.set(`${name} ${path}`, { name, value: rest.join('='), path });
    }
  }
  async function go(url: URL, init: RequestInit): Promise<Response> {
    const own = { ...headers, ...(init.headers as Record<string, string> | undefined), cookie: sent(url.pathname) };
    const reply = await fetch(url, { ...init, headers: own, redirect: 'manual' });
    keep(reply, url.pathname);
    return reply;
  }
  return {
    async open(address, form) {
      let url = new URL(address, origin);
      const body =
        form === undefined
          ? {}
          : { method: 'POST', body: new URLSearchParams(form), headers: { origin, 'sec-fetch-site': 'same-origin' } };
      let reply = await go(url, body);
      for (let left = MOST_REDIRECTS; reply.status >= 300 && reply.status < 400 && left > 0; left -= 1) {
        await reply.arrayBuffer();
        url = new URL(reply.headers.get('location') ?? '', url);
        if (url.origin !== new URL(origin).origin)
          return { status: reply.status, url: url.href, headers: reply.headers, text: '' };
        reply = await go(url, {});
      }
      return { status: reply.status, url: url.href, headers: reply.headers, text: await reply.text() };
    },
    fetch: (path, init = {}) => go(new URL(path, origin), init),
    cookies: () => sent('/'),
  };
}

export interface Person {
  readonly id: string;
  readonly login: string;
  readonly site: string;
  readonly role: Role;
  /** Of the authenticator, once it was set up. */
  totp?: string;
  recovery?: string[];
}

export interface PeopleParts {
  readonly origin: string;
  readonly users: Pick<Users, 'invite' | 'addService'>;
  /** Moved on where a code of an authenticator was used already. */
  readonly clock: { offsetMs: number };
}

export type TestPeople = ReturnType<typeof createPeople>;

export function createPeople({ origin, users, clock }: PeopleParts) {
  const now = (): number => Date.now() + clock.offsetMs;
  let counter = 0;
  /** Invited, and joined by the page of the link. */
  async function person(
    role: Role,
    site = 'main',
    login = `${role}${(counter += 1)}@harbour.example`,
  ): Promise<Person> {
    const { user, invitation } = await users.invite(site, 'service:setup', {
      login,
      name: `Person ${login.split('@')[0]}`,
      role,
      limits: role === 'approver' ? [{ currency: 'EUR', minor: '1000000' }] : [],
    });
    const joined = await createBrowser(origin).open(invitation.link, { password: PASSWORD, again: PASSWORD });
    if (joined.status !== 200) throw new Error(`not joined: ${joined.text}`);
    return { id: user.id, login, site, role };
  }

  const client = (): Promise<oidc.Configuration> =>
    oidc.discovery(new URL(`${origin}/oidc`), DESKTOP_CLIENT, undefined, oidc.None(), {
      execute: [oidc.allowInsecureRequests],
    });

  const codeNow = (who: Person): string => codeAt(fromBase32(who.totp ?? ''), stepAt(now()));

  /** From the page of the password to where the sign-in ends. */
  async function walk(browser: TestBrowser, first: Seen, who: Person, password = PASSWORD): Promise<Seen> {
    const base = first.url;
    let seen = await browser.open(`${base}/password`, { login: who.login, password, site: who.site });
    if (seen.text.includes('/set-up"')) {
      who.totp = (/class="key">([A-Z2-7 ]+)</.exec(seen.text)?.[1] ?? '').replaceAll(' ', '');
      const codes = await browser.open(`${base}/set-up`, { code: codeNow(who) });
      who.recovery = [...codes.text.matchAll(/<li>([^<]+)</g)].map((match) => match[1] ?? '');
      seen = await browser.open(`${base}/finish`, {});
    } else if (seen.text.includes('/code"')) {
      // The code of this half minute may have been used by the sign-in before.
      clock.offsetMs += 30_000;
      seen = await browser.open(`${base}/code`, { code: codeNow(who) });
    }
    return seen;
  }

  /** A program with a key of its own. */
  async function service(siteName = 'main') {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    const { x = '' } = await exportJWK(publicKey);
    const user = await users.addService(siteName, 'service:setup', { name: 'ERP', publicKey: x });
    const configuration = await oidc.discovery(
      new URL(`${origin}/oidc`),
      `${siteName}:${user.id}`,
      undefined,
      oidc.PrivateKeyJwt({ key: privateKey }, { [oidc.modifyAssertion]: (header) => void (header['alg'] = 'EdDSA') }),
      { execute: [oidc.allowInsecureRequests] },
    );
    return { user, token: async () => (await oidc.clientCredentialsGrant(configuration)).access_token };
  }

  /** As the station does it: code flow with PKCE and a loopback address. */
  async function signIn(who: Person, browser = createBrowser(origin)) {
    const configuration = await client();
    const verifier = oidc.randomPKCECodeVerifier();
    const state = oidc.randomState();
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: LOOPBACK,
      scope: 'openid',
      state,
      site: who.site,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const first = await browser.open(url.href);
    const end = first.text.includes('/continue"')
      ? await browser.open(`${first.url}/continue`, {})
      : await walk(browser, first, who);
    if (!end.url.startsWith(LOOPBACK)) throw new Error(`no end: ${end.status} ${end.url} ${end.text}`);
    const tokens = await oidc.authorizationCodeGrant(configuration, new URL(end.url), {
      pkceCodeVerifier: verifier,
      expectedState: state,
    });
    return { configuration, tokens, access: tokens.access_token, refresh: tokens.refresh_token ?? '', browser };
  }

  const request = (path: string, token?: string, init: RequestInit & { json?: unknown } = {}): Promise<Response> => {
    const { json, ...rest } = init;
    const body = json === undefined ? {} : { method: 'POST', body: JSON.stringify(json) };
    const headers = {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(rest.headers as Record<string, string> | undefined),
    };
    return fetch(`${origin}${path}`, { ...body, ...rest, headers });
  };

  return {
    person,
    client,
    codeNow,
    walk,
    service,
    signIn,
    request,
    browser: (headers?: Readonly<Record<string, string>>) => createBrowser(origin, headers),
  };
}
