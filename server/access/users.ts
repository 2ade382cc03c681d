/** Administration of people: invited, given a role and limits, disabled, helped when a phone is lost. Each change is told as a security event in its own commit. */
import { randomBytes } from 'node:crypto';
import type { ApprovalLimit, Invitation, User } from '../../core/contract/access.ts';
import { AppError } from '../../core/contract/errors.ts';
import { needsSecondFactor, type Role } from '../../core/access/roles.ts';
import type { z } from 'zod';
import { type Match, requireSeen, userTag } from '../conditions.ts';
import type { Account } from './account.ts';
import { actorOf, changed, decide, endsSignIns, event, type Parts } from './parts.ts';
import { plainDigest } from './secrets.ts';
import type { AccessChange } from './store/access-store.ts';

const INVITATION_MS = 7 * 24 * 3_600_000;

export interface UserWish {
  readonly name: string;
  readonly role: Role;
  readonly limits: readonly ApprovalLimit[];
}

export type InvitationView = z.infer<typeof Invitation>;

export interface Users {
  list(site: string): Promise<User[]>;
  /** How the authors of a site are called, those too who are no longer let in. */
  names(site: string): Promise<{ actor: string; name: string }[]>;
  get(site: string, id: string): Promise<User>;
  /** `actor`: who invites; `service:setup` for the first admin. */
  invite(
    site: string,
    actor: string,
    wish: UserWish & { readonly login: string },
  ): Promise<{ user: User; invitation: InvitationView }>;
  addService(site: string, actor: string, wish: { readonly name: string; readonly publicKey: string }): Promise<User>;
  /** `match`: only the account that was seen is changed. */
  change(site: string, actor: string, id: string, wish: UserWish, match?: Match): Promise<User>;
  disable(site: string, actor: string, id: string, match?: Match): Promise<User>;
  enable(site: string, actor: string, id: string, match?: Match): Promise<User>;
  resetSecondFactor(site: string, actor: string, id: string, match?: Match): Promise<User>;
  inviteAgain(site: string, actor: string, id: string): Promise<InvitationView>;
}

export const viewOf = (account: Account): User => ({
  id: account.id,
  login: account.login,
  name: account.name,
  role: account.role,
  limits: account.limits,
  state: account.state,
  secondFactor: account.totp !== null,
  external: account.subject !== null,
  createdAt: account.createdAt,
  lastSignInAt: account.lastSignInAt,
  version: account.version,
});

const limitsText = (limits: readonly ApprovalLimit[]): string =>
  limits.map(({ currency, minor }) => `${currency} ${minor}`).join(', ') || 'none';

function oneEach(limits: readonly ApprovalLimit[]): ApprovalLimit[] {
  const currencies = limits.map(({ currency }) => currency);
  if (new Set(currencies).size !== currencies.length)
    throw new AppError('invalid_value', 'A currency has one limit.', { field: 'limits' });
  return [...limits];
}

/** Of nobody yet: what every account begins with. */
export const blank = (id: string, nowMs: number): Account => ({
  id,
  login: id,
  name: '',
  role: 'reviewer',
  limits: [],
  state: 'invited',
  password: null,
  totp: null,
  totpStep: 0,
  recovery: [],
  invitation: null,
  validFrom: 0,
  subject: null,
  publicKey: null,
  createdAt: new Date(nowMs).toISOString(),
  lastSignInAt: null,
  version: 1,
});

export function createUsers(parts: Parts): Users {
  const { store, now, newId } = parts;

  async function known(site: string, id: string): Promise<Account> {
    const account = await store.account(site, id);
    if (account === undefined) throw new AppError('not_found', 'There is no such person at this site.');
    return account;
  }

  /** Decided on the account as it stands; `undefined` where there is nothing to change. */
  const update = (
    site: string,
    id: string,
    match: Match | undefined,
    wanted: (account: Account) => (Omit<AccessChange, 'accounts'> & { readonly account: Partial<Account> }) | undefined,
  ): Promise<Account> =>
    decide(parts, site, async () => {
      const account = await known(site, id);
      requireSeen(match, () => userTag(account));
      const wish = wanted(account);
      if (wish === undefined) return { result: account };
      const saved = changed(account, wish.account);
      return { change: { accounts: [saved], events: wish.events ?? [] }, result: saved.account };
    });

  function invitation(site: string): { view: InvitationView; stored: NonNullable<Account['invitation']> } {
    const token = randomBytes(32).toString('base64url');
    const until = new Date(now() + INVITATION_MS).toISOString();
    return {
      view: { link: `${parts.origin}/sign-in/invitation/${site}/${token}`, expiresAt: until },
      stored: { digest: plainDigest(token), until },
    };
  }

  return {
    list: async (site) => (await store.accounts(site)).map(viewOf),
    async names(site) {
      const [accounts, devices] = await Promise.all([store.accounts(site), store.devices(site)]);
      const called = new Map(accounts.map(({ id, name }) => [id, name]));
      return [
        ...accounts.map(({ id, name }) => ({ actor: actorOf(id), name })),
        // What a station wrote by itself is its person's.
        ...devices.map(({ id, account }) => ({ actor: `local:${id}`, name: called.get(account) ?? '' })),
      ].filter(({ name }) => name !== '');
    },
    get: async (site, id) => viewOf(await known(site, id)),

    async invite(site, actor, { login, name, role, limits }) {
      if (role === 'service') throw new AppError('not_allowed', 'A service is no person: it is added with its key.');
      const { view, stored } = invitation(site);
      const account: Account = {
        ...blank(newId(), now()),
        login,
        name,
        role,
        limits: oneEach(limits),
        invitation: stored,
      };
      const told = event(parts, 'user.invited', actor, { user: account.id, role, limits: limitsText(limits) });
      const done = await store.commit(site, { accounts: [{ expect: 0, account }], events: [told] });
      if (done === 'conflict')
        throw new AppError('conflict', 'This name is in use at this site already.', { field: 'login' });
      return { user: viewOf(account), invitation: view };
    },

    async addService(site, actor, { name, publicKey }) {
      const made = blank(newId(), now());
      const account: Account = {
        ...made,
        login: `service ${made.id}`,
        name,
        role: 'service',
        state: 'active',
        publicKey,
      };
      const told = event(parts, 'service.added', actor, { user: account.id, name });
      await store.commit(site, { accounts: [{ expect: 0, account }], events: [told] });
      return viewOf(account);
    },

    async change(site, actor, id, wish, match) {
      const limits = oneEach(wish.limits);
      const account = await update(site, id, match, (before) => {
        if ((before.role === 'service') !== (wish.role === 'service'))
          throw new AppError('not_allowed', 'A service is no person, and a person no service.');
        const events = [
          ...(before.role === wish.role
            ? []
            : [event(parts, 'user.role', actor, { user: id, from: before.role, to: wish.role })]),
          ...(limitsText(before.limits) === limitsText(limits)
            ? []
            : [
                event(parts, 'user.limits', actor, {
                  user: id,
                  from: limitsText(before.limits),
                  to: limitsText(limits),
                }),
              ]),
        ];
        // Signed in without a second factor is not enough any more: the next sign-in sets one up.
        const isRaised = needsSecondFactor(wish.role) && !needsSecondFactor(before.role) && before.totp === null;
        const again = isRaised ? { validFrom: endsSignIns(now()) } : {};
        return { account: { name: wish.name, role: wish.role, limits, ...again }, events };
      });
      return viewOf(account);
    },

    disable: async (site, actor, id, match) =>
      viewOf(
        await update(site, id, match, (before) =>
          before.state === 'disabled'
            ? undefined
            : {
                account: { state: 'disabled', invitation: null, validFrom: endsSignIns(now()) },
                events: [event(parts, 'user.disabled', actor, { user: id })],
              },
        ),
      ),

    enable: async (site, actor, id, match) =>
      viewOf(
        await update(site, id, match, (before) =>
          before.state === 'disabled'
            ? {
                account: {
                  state:
                    before.password === null && before.subject === null && before.publicKey === null
                      ? 'invited'
                      : 'active',
                },
                events: [event(parts, 'user.enabled', actor, { user: id })],
              }
            : undefined,
        ),
      ),

    resetSecondFactor: async (site, actor, id, match) =>
      viewOf(
        await update(site, id, match, () => ({
          account: { totp: null, totpStep: 0, recovery: [], validFrom: endsSignIns(now()) },
          events: [event(parts, 'user.second-factor-reset', actor, { user: id })],
        })),
      ),

    async inviteAgain(site, actor, id) {
      const { view, stored } = invitation(site);
      await update(site, id, undefined, (before) => {
        if (before.state === 'disabled')
          throw new AppError('not_allowed', 'The person is disabled. Enable the account first.');
        if (before.publicKey !== null) throw new AppError('not_allowed', 'A service has no password.');
        if (before.subject !== null)
          throw new AppError(
            'not_allowed',
            'The person signs in at the identity provider of the site; the password is set there.',
          );
        return {
          account: { invitation: stored },
          events: [event(parts, 'user.invited', actor, { user: id, again: 'yes' })],
        };
      });
      return view;
    },
  };
}

/** The first admin of a site: by the one who runs the server, who has no account. Undefined where there are people already. */
export async function inviteFirstAdmin(
  parts: Parts,
  users: Users,
  { site, login, name }: { readonly site: string; readonly login: string; readonly name: string },
): Promise<InvitationView | undefined> {
  const people = await parts.store.accounts(site);
  if (people.some(({ role, state }) => role === 'admin' && state !== 'disabled' && state !== 'invited'))
    return undefined;
  const waiting = people.find((person) => person.login === login);
  // The link got lost: a new one for the same person.
  if (waiting !== undefined)
    return waiting.role === 'admin' ? users.inviteAgain(site, 'service:setup', waiting.id) : undefined;
  const { invitation } = await users.invite(site, 'service:setup', { login, name, role: 'admin', limits: [] });
  return invitation;
}
