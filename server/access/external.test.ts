import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import Provider from 'oidc-provider';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roleFrom } from './external.ts';
import { createBrowser } from './testing-people.ts';
import { freePort, startSite, type TestSite } from './testing-site.ts';

test.each([
  [['ap-approvers'], 'approver'],
  ['ap-reviewers', 'reviewer'],
  [['ap-admins', 'ap-reviewers'], 'reviewer'],
  [['ap-admins'], 'admin'],
  [['everyone'], undefined],
  [undefined, undefined],
  [{ toString: 'x' }, undefined],
  [['constructor', '__proto__'], undefined],
] as const)('the claim %j is the role %s', (value, role) => {
  const roles = { 'ap-approvers': 'approver', 'ap-reviewers': 'reviewer', 'ap-admins': 'admin' } as const;
  expect(roleFrom({ roleClaim: 'groups', roles }, { groups: value })).toBe(role);
});

/** Another program's identity provider, real: its own keys, its own pages, its own idea of names. */
async function startIdp(callback: string) {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const groups: Record<string, string[]> = {};
  const jwk = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'ap-intake',
        client_secret: 'idp-secret',
        redirect_uris: [callback],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
      {
        client_id: 'ap-station',
        redirect_uris: ['http://127.0.0.1/callback'],
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [{ ...jwk, kid: 'rsa1', alg: 'RS256', use: 'sig' }] },
    cookies: { keys: ['for-a-test'] },
    claims: { openid: ['sub', 'groups'], profile: ['name'], email: ['email'] },
    conformIdTokenClaims: false,
    features: {
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_ctx, client) => (client.clientId === 'ap-station' ? 'urn:ap-intake' : undefined),
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'api',
          audience: 'urn:ap-intake',
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    extraTokenClaims: (_ctx, token) => ({ groups: groups[(token as { accountId: string }).accountId] ?? [] }),
    findAccount: (_ctx, sub) => ({
      accountId: sub,
      claims: () => ({ sub, groups: groups[sub] ?? [], name: `Name of ${sub}`, email: `${sub}@corp.example` }),
    }),
  });
  const server: Server = createServer((request, reply) => void provider.callback()(request, reply));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  /** Through its pages: any password will do there. */
  async function walk(url: string, login: string): Promise<string> {
    const browser = createBrowser(issuer);
    let seen = await browser.open(url);
    for (let left = 4; left > 0 && seen.url.startsWith(issuer); left -= 1) {
      const prompt = /name="prompt" value="(\w+)"/.exec(seen.text)?.[1] ?? '';
      const action = /action="([^"]+)"/.exec(seen.text)?.[1] ?? '';
      seen = await browser.open(action, prompt === 'login' ? { prompt, login, password: 'x' } : { prompt });
    }
    return seen.url;
  }
  return { issuer, groups, walk, close: () => new Promise((resolve) => server.close(resolve)) };
}

describe('an external identity provider', () => {
  let idp: Awaited<ReturnType<typeof startIdp>>;
  let site: TestSite;
  beforeAll(async () => {
    const port = await freePort();
    idp = await startIdp(`http://127.0.0.1:${port}/session/callback`);
    site = await startSite({
      port,
      sites: ['main'],
      external: {
        issuer: idp.issuer,
        clientId: 'ap-intake',
        clientSecret: 'idp-secret',
        audience: 'urn:ap-intake',
        roleClaim: 'groups',
        roles: { 'ap-approvers': 'approver', 'ap-admins': 'admin', 'ap-reviewers': 'reviewer' },
        privateHosts: ['127.0.0.1'],
      },
    });
  });
  afterAll(async () => {
    await site.close();
    await idp.close();
  });

  async function browse(login: string) {
    const browser = site.browser();
    const begun = await browser.open('/session/sign-in');
    const back = await idp.walk(begun.url, login);
    return { browser, end: await browser.open(back) };
  }

  async function token(login: string): Promise<string> {
    const configuration = await oidc.discovery(new URL(idp.issuer), 'ap-station', undefined, oidc.None(), {
      execute: [oidc.allowInsecureRequests],
    });
    const verifier = oidc.randomPKCECodeVerifier();
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: 'http://127.0.0.1:49153/callback',
      scope: 'openid api',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const back = await idp.walk(url.href, login);
    return (await oidc.authorizationCodeGrant(configuration, new URL(back), { pkceCodeVerifier: verifier }))
      .access_token;
  }

  test('a browser: the role from the claim, an account at the first sign-in, the same one at the next', async () => {
    idp.groups['ida'] = ['everyone', 'ap-approvers'];
    const { browser } = await browse('ida');
    const me = (await (await browser.fetch('/api/v1/me')).json()) as { account: string };
    expect(me).toMatchObject({ role: 'approver', name: 'Name of ida', site: 'main' });
    const again = (await (await (await browse('ida')).browser.fetch('/api/v1/me')).json()) as { account: string };
    expect(again.account).toBe(me.account);
  });

  test('no role there, nothing here', async () => {
    idp.groups['otto'] = ['everyone'];
    const { browser, end } = await browse('otto');
    expect(end.status).toBe(403);
    expect((await browser.fetch('/api/v1/me')).status).toBe(401);
    expect((await site.request('/api/v1/me', await token('otto'))).status).toBe(401);
  });

  test('an access token: by its published keys; the role follows the claim; disabled here is disabled', async () => {
    idp.groups['uta'] = ['ap-reviewers'];
    const first = await token('uta');
    const me = (await (await site.request('/api/v1/me', first)).json()) as { account: string };
    expect(me).toMatchObject({ role: 'reviewer' });
    idp.groups['uta'] = ['ap-admins'];
    expect(await (await site.request('/api/v1/me', await token('uta'))).json()).toMatchObject({
      role: 'admin',
      account: me.account,
    });
    await site.access.users.disable('main', 'service:test', me.account);
    expect((await site.request('/api/v1/me', first)).status).toBe(401);
    const [header = '', payload = '', signature = ''] = first.split('.');
    expect((await site.request('/api/v1/me', `${header}.${payload}.A${signature.slice(1)}`)).status).toBe(401);
  });

  test('there is no built-in way in beside it', async () => {
    expect((await site.request('/oidc/.well-known/openid-configuration')).status).toBe(401);
    expect((await site.request('/sign-in/x')).status).toBe(401);
  });
});
