/**
 * People of an external identity provider: who they are comes from it, what they may comes from a claim of it. Everybody gets an account here at the first
 * sign-in, so that there is one place to disable somebody and one name in the history.
 */
import type { JWTPayload } from 'jose';
import { isRole, ROLES, type Role } from '../../core/access/roles.ts';
import type { Account } from './account.ts';
import { changed, decide, event, type Parts } from './parts.ts';
import { blank } from './users.ts';

export interface ExternalSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  /** The audience of access tokens for this site's API. */
  readonly audience: string;
  /** The claim that names the roles: a text or a list, e.g. `groups`. */
  readonly roleClaim: string;
  /** From a value of the claim to a role; without it the values are the roles themselves. */
  readonly roles?: Readonly<Record<string, Role>>;
  /** The claim that names the site where there are several; otherwise the only one. */
  readonly siteClaim?: string;
  /** Its public client for stations, with the device code flow and the loopback address, and what they ask for; without it none can be connected. */
  readonly station?: { readonly clientId: string; readonly scope: string };
  /** Hosts of the provider that are on a private network. */
  readonly privateHosts?: readonly string[];
}

export interface ExternalProvider {
  readonly settings: ExternalSettings;
  /** Undefined where the claims give no role or no site, or the account is disabled here. */
  accountFor(subject: string, claims: JWTPayload): Promise<{ readonly site: string; readonly id: string } | undefined>;
}

/** Of several roles the one that may most at work; an admin is one only where no other role is given. */
const PREFERRED: readonly Role[] = ['approver', 'reviewer', 'admin', 'auditor', 'service'];

export function roleFrom(
  { roleClaim, roles }: Pick<ExternalSettings, 'roleClaim' | 'roles'>,
  claims: JWTPayload,
): Role | undefined {
  const value = claims[roleClaim];
  const values: unknown[] = Array.isArray(value) ? value : [value];
  const found = values.flatMap((one) => {
    if (typeof one !== 'string') return [];
    const role = roles === undefined ? one : Object.hasOwn(roles, one) ? roles[one] : undefined;
    return isRole(role) ? [role] : [];
  });
  return PREFERRED.find((role) => found.includes(role));
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 200) : undefined;

export function createExternalProvider(parts: Parts, settings: ExternalSettings): ExternalProvider {
  const { store, now, newId } = parts;

  function siteOf(claims: JWTPayload): string | undefined {
    if (settings.siteClaim === undefined) return parts.sites.length === 1 ? parts.sites[0] : undefined;
    const site = claims[settings.siteClaim];
    return typeof site === 'string' && parts.sites.includes(site) ? site : undefined;
  }

  const made = (subject: string, role: Role, claims: JWTPayload): Account => {
    const login = (textOf(claims['email']) ?? textOf(claims['preferred_username']) ?? subject)
      .normalize('NFKC')
      .toLowerCase();
    return {
      ...blank(newId(), now()),
      // Its own name space: an address that somebody has here by invitation is not taken over by whoever has it elsewhere.
      login: `${login} (${settings.issuer})`.slice(0, 300),
      name: textOf(claims['name']) ?? login,
      role,
      state: 'active',
      subject,
    };
  };

  return {
    settings,
    async accountFor(sub, claims) {
      const role = roleFrom(settings, claims);
      const site = siteOf(claims);
      if (role === undefined || site === undefined || !ROLES.includes(role)) return undefined;
      const subject = `${settings.issuer} ${sub}`;
      const account = await decide(parts, site, async () => {
        const before = await store.accountBySubject(site, subject);
        if (before === undefined) {
          const joined = made(subject, role, claims);
          const told = event(parts, 'user.joined', `user:${joined.id}`, { role, external: settings.issuer });
          return { change: { accounts: [{ expect: 0, account: joined }], events: [told] }, result: joined };
        }
        if (before.role === role) return { result: before };
        const saved = changed(before, { role });
        const told = event(parts, 'user.role', 'service:identity-provider', {
          user: before.id,
          from: before.role,
          to: role,
        });
        return { change: { accounts: [saved], events: [told] }, result: saved.account };
      });
      return account.state === 'active' ? { site, id: account.id } : undefined;
    },
  };
}
