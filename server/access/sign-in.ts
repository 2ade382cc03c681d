/** The decisions of signing in, apart from pages and protocol: password, second factor, setting one up, joining by invitation. */
import { weaknessOf, type Weakness } from '../../core/access/password-policy.ts';
import { needsSecondFactor } from '../../core/access/roles.ts';
import type { Account } from './account.ts';
import { actorOf, changed, decide, event, type Parts, endsSignIns } from './parts.ts';
import { newRecoveryCodes, looksLikeRecoveryCode, useRecoveryCode } from './recovery-codes.ts';
import { plainDigest } from './secrets.ts';
import { newTotpSecret, verifyTotp } from './totp.ts';
import { createTries, type Tries, type Who } from './tries.ts';

export type PasswordAnswer =
  | { readonly kind: 'right'; readonly account: Account; readonly next: 'done' | 'code' | 'set-up' }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'wait'; readonly ms: number };

export type CodeAnswer =
  | { readonly kind: 'right' }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'wait'; readonly ms: number };

export type SetUpAnswer = { readonly kind: 'right'; readonly codes: readonly string[] } | { readonly kind: 'wrong' };

export type JoinAnswer =
  | { readonly kind: 'joined'; readonly account: Account }
  | { readonly kind: 'gone' }
  | { readonly kind: 'weak'; readonly why: Weakness };

export interface SignIn {
  readonly tries: Tries;
  password(who: Who, password: string): Promise<PasswordAnswer>;
  code(site: string, account: string, code: string, address: string): Promise<CodeAnswer>;
  newSecret(): string;
  /** The first code proves that the app has the secret; answers the recovery codes, which are shown this once. */
  setUp(site: string, account: string, secret: string, code: string): Promise<SetUpAnswer>;
  /** The sign-in is complete. */
  done(site: string, account: string, how: string, address: string): Promise<void>;
  invited(site: string, token: string): Promise<Account | undefined>;
  join(site: string, token: string, password: string): Promise<JoinAnswer>;
}

/** Where the sealed secret belongs: it opens in no other account's row. */
const totpPlace = (site: string, account: string): string => `${site}/${account}`;

export function createSignIn(parts: Parts): SignIn {
  const { store, secrets, passwords, now } = parts;
  const tries = createTries(parts);

  /** Failures are told once each, they are slowed down themselves; refusals without a look once a minute. */
  async function failed(site: string, account: Account | undefined, why: string, address: string): Promise<void> {
    if (!parts.sites.includes(site)) return;
    if (why === 'throttled' && !(await tries.isWorthTelling(site, address))) return;
    const kind = why === 'throttled' ? 'sign-in.throttled' : 'sign-in.failed';
    // What was typed as a name may be a password by mistake: an unknown one is not kept.
    const actor = account === undefined ? 'unknown' : actorOf(account.id);
    await store.commit(site, { events: [event(parts, kind, actor, { why, address })] });
  }

  async function rehash(site: string, account: Account, password: string): Promise<void> {
    if (account.password === null || !passwords.isOld(account.password)) return;
    // A conflict means that somebody else changed the account: then the next sign-in does it.
    await store.commit(site, { accounts: [changed(account, { password: await passwords.hash(password) })] });
  }

  return {
    tries,
    async password(who, password) {
      const { site, login, address } = who;
      const wait = await tries.password(who);
      if (wait > 0) {
        await failed(site, undefined, 'throttled', address);
        return { kind: 'wait', ms: wait };
      }
      const account = parts.sites.includes(site) ? await store.accountByLogin(site, login) : undefined;
      const usable = account?.state === 'active' ? account : undefined;
      // Always computed, and before anything is decided: who has an account does not show in the time.
      const right = await passwords.verify(password, usable?.password ?? null);
      if (usable === undefined || !right) {
        await failed(
          site,
          account,
          account !== undefined && usable === undefined ? account.state : 'password',
          address,
        );
        return { kind: 'wrong' };
      }
      await tries.passwordWasRight(who);
      await rehash(site, usable, password);
      const next = usable.totp !== null ? 'code' : needsSecondFactor(usable.role) ? 'set-up' : 'done';
      return { kind: 'right', account: usable, next };
    },

    async code(site, id, code, address) {
      const wait = await tries.code(site, id);
      if (wait > 0) {
        await failed(site, undefined, 'throttled', address);
        return { kind: 'wait', ms: wait };
      }
      const right = await decide(parts, site, async () => {
        const account = await store.account(site, id);
        if (account?.state !== 'active' || account.totp === null) return { result: false };
        const place = totpPlace(site, id);
        const secret = secrets.open('totp', place, account.totp);
        if (secret === undefined) return { result: false };
        if (looksLikeRecoveryCode(code)) {
          const recovery = useRecoveryCode(account.recovery, code);
          if (recovery === undefined) return { result: false };
          const told = event(parts, 'user.recovery-code', actorOf(id), { left: String(recovery.length), address });
          return { change: { accounts: [changed(account, { recovery })], events: [told] }, result: true };
        }
        const step = verifyTotp(secret, code, now(), account.totpStep);
        const totp = secrets.isOld('totp', place, account.totp) ? secrets.seal('totp', place, secret) : account.totp;
        // Of two at once with the same code one is in conflict, looks again and is refused.
        return step === undefined
          ? { result: false }
          : { change: { accounts: [changed(account, { totpStep: step, totp })] }, result: true };
      });
      if (!right) {
        await failed(site, await store.account(site, id), 'code', address);
        return { kind: 'wrong' };
      }
      await tries.codeWasRight(site, id);
      return { kind: 'right' };
    },

    newSecret: newTotpSecret,

    setUp: (site, id, secret, code) =>
      decide<SetUpAnswer>(parts, site, async () => {
        const account = await store.account(site, id);
        const step = verifyTotp(secret, code, now(), 0);
        // One that is set up already is only replaced after an admin's reset.
        if (account?.state !== 'active' || account.totp !== null || step === undefined)
          return { result: { kind: 'wrong' } };
        const { codes, digests } = newRecoveryCodes();
        const totp = secrets.seal('totp', totpPlace(site, id), secret);
        const saved = changed(account, { totp, totpStep: step, recovery: digests });
        return {
          change: { accounts: [saved], events: [event(parts, 'user.second-factor', actorOf(id))] },
          result: { kind: 'right', codes },
        };
      }),

    done: (site, id, how, address) =>
      decide(parts, site, async () => {
        const account = await store.account(site, id);
        if (account === undefined) return { result: undefined };
        const saved = changed(account, { lastSignInAt: new Date(now()).toISOString() });
        return {
          change: { accounts: [saved], events: [event(parts, 'sign-in', actorOf(id), { how, address })] },
          result: undefined,
        };
      }),

    async invited(site, token) {
      const account = parts.sites.includes(site)
        ? await store.accountByInvitation(site, plainDigest(token))
        : undefined;
      const open =
        account?.invitation != null && Date.parse(account.invitation.until) > now() && account.state !== 'disabled';
      return open ? account : undefined;
    },

    async join(site, token, password) {
      const seen = await this.invited(site, token);
      if (seen === undefined) return { kind: 'gone' };
      const why = weaknessOf(password, [seen.login, seen.name, site]);
      if (why !== undefined) return { kind: 'weak', why };
      const hash = await passwords.hash(password);
      return decide<JoinAnswer>(parts, site, async () => {
        const account = await this.invited(site, token);
        if (account === undefined) return { result: { kind: 'gone' } };
        const isNew = account.state === 'invited';
        const kind = isNew ? 'user.joined' : 'user.password';
        // Whoever had the old password has nothing any more.
        const saved = changed(account, {
          state: 'active',
          password: hash,
          invitation: null,
          ...(isNew ? {} : { validFrom: endsSignIns(now()) }),
        });
        return {
          change: { accounts: [saved], events: [event(parts, kind, actorOf(account.id))] },
          result: { kind: 'joined', account: saved.account },
        };
      });
    },
  };
}
