/** People of a running site: the first admins by the command line, everybody else by them, all signed in through its own pages. */
import { setDefaultCACertificates, getCACertificates } from 'node:tls';
import * as oidc from 'openid-client';
import type { Role } from '../../core/access/roles.ts';
import type { User } from '../../core/contract/access.ts';
import {
  createBrowser,
  createPeople,
  PASSWORD,
  type Person,
  type TestPeople,
} from '../../server/access/testing-people.ts';
import { type Ask, expectStatus } from './http.ts';
import { type RunningSite, SITES } from './site.ts';

/** Tokens live ten minutes. */
const FRESH_MS = 7 * 60_000;
/** What an approver of a test may approve, in every currency that the documents of a test have. */
const LIMITS = ['EUR', 'GBP'].map((currency) => ({ currency, minor: '100000000' }));

export interface SignedIn {
  readonly person: Person;
  readonly actor: string;
  readonly token: () => Promise<string>;
}

export interface SitePeople {
  /** One of each role, made when first asked for. */
  of(role: Role, site?: string): Promise<SignedIn>;
  /** Another one of a role. */
  another(role: Role, site?: string): Promise<SignedIn>;
  readonly people: TestPeople;
}

/** One renewal at a time: a refresh token that is used twice ends the sign-in, as it must. */
function keptFresh(first: string, renew: () => Promise<string>): () => Promise<string> {
  let held = Promise.resolve(first);
  let at = Date.now();
  return () => {
    if (Date.now() - at < FRESH_MS) return held;
    at = Date.now();
    const before = held;
    held = renew().catch(() => {
      // The site may be away for a moment, and the one before works for some time yet.
      at = 0;
      return before;
    });
    return held;
  };
}

/** The world of `fetch` believes the site's certificate from here on. */
export const believe = (ca: string): void => setDefaultCACertificates([...getCACertificates('default'), ca]);

async function joinAdmin(site: RunningSite, name: string): Promise<Person> {
  const login = `admin@${name}.test`;
  const link = (await site.cli('invite-admin', login, '--name', `Admin of ${name}`, '--site', name)).trim();
  const joined = await createBrowser(site.origin).open(link, { password: PASSWORD, again: PASSWORD });
  if (joined.status !== 200) throw new Error(`not joined: ${joined.status} ${joined.text.slice(0, 300)}`);
  return { id: '', login, site: name, role: 'admin' };
}

export async function createSitePeople(site: RunningSite, ask: Ask): Promise<SitePeople> {
  believe(site.ca);
  const clock = { offsetMs: 0 };
  const admins = new Map<string, SignedIn>();
  const tokenOf = async (name: string): Promise<string> => {
    const admin = admins.get(name);
    if (admin === undefined) throw new Error(`${name} has no admin yet`);
    return admin.token();
  };
  const people = createPeople({
    origin: site.origin,
    clock,
    users: {
      async invite(name, _actor, wish) {
        const limits = wish.limits.length > 0 ? LIMITS : [];
        const sent = { token: await tokenOf(name), json: { ...wish, limits } };
        return expectStatus(await ask('/api/v1/users', sent), 200, 'invitation').json();
      },
      async addService(name, _actor, wish) {
        const sent = { token: await tokenOf(name), json: wish };
        return expectStatus(await ask('/api/v1/services', sent), 200, 'service').json<User>();
      },
    },
  });

  async function signedIn(person: Person): Promise<SignedIn> {
    const { configuration, access, refresh: first, tokens } = await people.signIn(person);
    const id = person.id === '' ? (tokens.claims()?.sub.split(':')[1] ?? '') : person.id;
    let refresh = first;
    const token = keptFresh(access, async () => {
      const next = await oidc.refreshTokenGrant(configuration, refresh);
      refresh = next.refresh_token ?? refresh;
      return next.access_token;
    });
    return { person, actor: `user:${id}`, token };
  }

  async function service(name: string): Promise<SignedIn> {
    const { user, token } = await people.service(name);
    return {
      person: { id: user.id, login: user.login, site: name, role: 'service' },
      actor: `user:${user.id}`,
      token: keptFresh(await token(), token),
    };
  }

  for (const name of SITES) admins.set(name, await signedIn(await joinAdmin(site, name)));
  const another = async (role: Role, name: string = SITES[0]): Promise<SignedIn> =>
    role === 'service'
      ? service(name)
      : signedIn(await people.person(role, name, `${role}${(counter += 1)}@${name}.test`));
  let counter = 0;
  const known = new Map<string, Promise<SignedIn>>();
  return {
    people,
    another,
    of(role, name = SITES[0]) {
      const key = `${name} ${role}`;
      const admin = role === 'admin' ? admins.get(name) : undefined;
      const made = known.get(key) ?? (admin === undefined ? another(role, name) : Promise.resolve(admin));
      known.set(key, made);
      return made;
    },
  };
}
