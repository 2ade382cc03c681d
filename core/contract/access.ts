/** People, devices and security events of a site: contracts of what only a site serves. Sign-in itself is OpenID Connect (docs/access.md). */
import { z } from 'zod';
import { ACTIONS } from '../access/actions.ts';
import { ROLES } from '../access/roles.ts';

export const Role = z.enum(ROLES);
const Id = z.uuid();
const Base64Url = (bytes: number) => z.string().regex(new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((bytes * 8) / 6)}}$`));
const Name = z.string().trim().min(1).max(200);
/** How a person signs in: an e-mail address, or a name of that length. */
export const Login = z
  .string()
  .trim()
  .min(3)
  .max(200)
  .regex(/^[^\s\p{C}]+$/u, 'no blanks')
  .transform((text) => text.normalize('NFKC').toLowerCase());

/** An upper limit for approvals: a decimal number of minor units, as bigint does not fit JSON. */
export const ApprovalLimit = z.object({
  currency: z.string().regex(/^[A-Z]{3}$/),
  minor: z.string().regex(/^(?:0|[1-9]\d{0,17})$/),
});
export type ApprovalLimit = z.infer<typeof ApprovalLimit>;

export const USER_STATES = ['invited', 'active', 'disabled'] as const;
export const User = z.object({
  id: Id,
  login: z.string(),
  name: z.string(),
  role: Role,
  limits: z.array(ApprovalLimit),
  state: z.enum(USER_STATES),
  secondFactor: z.boolean(),
  /** Signs in at an identity provider of the site's own. */
  external: z.boolean(),
  createdAt: z.string(),
  lastSignInAt: z.string().nullable(),
  /** Rises with each change, sign-ins too; what a change is bound to is the ETag. */
  version: z.int(),
});
export type User = z.infer<typeof User>;

/** The person signed in, and what the role may ever do: the UI shows no more than that. */
export const Me = z.object({
  account: Id,
  site: z.string(),
  name: z.string(),
  login: z.string(),
  role: Role,
  limits: z.array(ApprovalLimit),
  device: Id.nullable(),
  actions: z.array(z.enum(ACTIONS)),
  /** For a station: the keys that this site signs its snapshots by, newest first. It keeps them when it is connected. */
  siteKeys: z.array(Base64Url(32)).max(100).optional(),
});
export type Me = z.infer<typeof Me>;

export const Device = z.object({
  id: Id,
  name: z.string(),
  account: Id,
  owner: z.string(),
  /** Ed25519, raw 32 bytes as base64url. */
  publicKey: z.string(),
  createdAt: z.string(),
  lastSeenAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  /** As it told when it signed in last: operating system and program. */
  platform: z.string().nullable(),
  version: z.string().nullable(),
});
export type Device = z.infer<typeof Device>;

/** Told by the device itself, so it is only ever shown. */
const Told = z.string().trim().min(1).max(60);
export const DeviceWish = z.object({
  name: Name,
  /** Of a station: the id that its database gives to its operations. One id belongs to one key for ever. */
  device: Id.optional(),
  platform: Told.optional(),
  version: Told.optional(),
  publicKey: Base64Url(32),
  /** Ed25519 by the device key over `deviceProofText`: whoever enrols a key has it. */
  proof: Base64Url(64),
});

/** What a device signs to enrol: bound to the site, the account and its id, so that a proof is good for nothing else. */
export const deviceProofText = (site: string, account: string, publicKey: string, device?: string): string =>
  `ap-intake device enrolment v1\n${site}\n${account}\n${publicKey}${device === undefined ? '' : `\n${device}`}`;

/** What a device signs to ask how it stands: good for nothing but the answer. */
export const standingProofText = (site: string, device: string): string =>
  `ap-intake device standing v1\n${site}\n${device}`;

/** Asked by a device whose sign-in has ended: whoever has its key may know why. `unknown`: there is none, or the key is another. */
export const DeviceStanding = z.object({
  standing: z.enum(['connected', 'revoked', 'unknown']),
  revokedAt: z.string().nullable(),
  revokedBy: z.string().nullable(),
});
export type DeviceStanding = z.infer<typeof DeviceStanding>;

/** How stations and sites speak to each other; a station and a site that share a number can. */
export const LINK_VERSION = 1;
/** What a station has to know before anybody can sign in. Open: it says no more than the pages of the sign-in do. */
export const SiteInfo = z.object({
  product: z.literal('ap-intake'),
  version: z.string(),
  /** `LINK_VERSION`s that the site takes. */
  link: z.object({ oldest: z.int(), newest: z.int() }),
  /** Null where an external identity provider is used that has no client for stations. */
  signIn: z
    .object({
      issuer: z.url(),
      clientId: z.string(),
      scope: z.string(),
      /** For providers that want to be told whom the tokens are for. */
      audience: z.string().nullable(),
    })
    .nullable(),
});
export type SiteInfo = z.infer<typeof SiteInfo>;

/** A way in for somebody who has no password yet or no more: works once, until its end. */
export const Invitation = z.object({ link: z.string(), expiresAt: z.string() });

/** Where a browser begins to sign in; `?to=/path` is where it comes back to. A 401 with the reason `signed-out` means this. */
export const WEB_SIGN_IN = '/session/sign-in';

/** How an author is called, for whoever may see what was done. */
export const ActorName = z.object({ actor: z.string(), name: z.string() });
export type ActorName = z.infer<typeof ActorName>;

export const SecurityEvent = z.object({
  seq: z.int(),
  at: z.string(),
  kind: z.string(),
  actor: z.string(),
  data: z.record(z.string(), z.string()),
  hash: z.string(),
});
export type SecurityEvent = z.infer<typeof SecurityEvent>;

const none = z.object({});
const byId = z.object({ id: Id });
const get = 'GET' as const;
const post = 'POST' as const;
const bare = { params: none, query: none, body: null } as const;
const onOne = { params: byId, query: none } as const;
const guarded = { reply: User, tagged: true, ifMatch: 'may' } as const;

export const accessApi = {
  siteInfo: { method: get, path: '/api/v1/site', ...bare, reply: SiteInfo, open: true },
  deviceStanding: {
    method: post,
    path: '/api/v1/device-standing',
    params: none,
    query: none,
    body: z.object({ site: z.string().max(200), device: Id, proof: Base64Url(64) }),
    reply: DeviceStanding,
    open: true,
  },

  me: { method: get, path: '/api/v1/me', ...bare, reply: Me },
  signOut: {
    method: post,
    path: '/api/v1/me/sign-out',
    ...bare,
    body: none,
    reply: z.object({ signedOut: z.boolean() }),
  },

  listNames: {
    method: get,
    path: '/api/v1/names',
    ...bare,
    reply: z.object({ items: z.array(ActorName) }),
  },

  listUsers: { method: get, path: '/api/v1/users', ...bare, reply: z.object({ items: z.array(User) }) },
  inviteUser: {
    method: post,
    path: '/api/v1/users',
    params: none,
    query: none,
    body: z.object({ login: Login, name: Name, role: Role, limits: z.array(ApprovalLimit).max(20).default([]) }),
    reply: z.object({ user: User, invitation: Invitation }),
  },
  /** A program, such as an ERP: it signs in by client credentials with a JWT of this key (`private_key_jwt`); its client id is `site:id`. */
  addService: {
    method: post,
    path: '/api/v1/services',
    params: none,
    query: none,
    body: z.object({ name: Name, publicKey: Base64Url(32) }),
    reply: User,
  },
  getUser: { method: get, path: '/api/v1/users/:id', ...onOne, body: null, reply: User, tagged: true },
  /** If-Match with the ETag of what was seen. */
  changeUser: {
    method: 'PUT' as const,
    path: '/api/v1/users/:id',
    ...onOne,
    body: z.object({ name: Name, role: Role, limits: z.array(ApprovalLimit).max(20) }),
    reply: User,
    tagged: true,
    ifMatch: 'must' as const,
  },
  /** Ends every session and token of the account at once. */
  disableUser: { method: post, path: '/api/v1/users/:id/disable', ...onOne, body: none, ...guarded },
  enableUser: { method: post, path: '/api/v1/users/:id/enable', ...onOne, body: none, ...guarded },
  /** The next sign-in sets up a new authenticator. */
  resetSecondFactor: { method: post, path: '/api/v1/users/:id/second-factor/reset', ...onOne, body: none, ...guarded },
  /** Also for a forgotten password: the old one ends when the new one is set. */
  inviteAgain: { method: post, path: '/api/v1/users/:id/invitation', ...onOne, body: none, reply: Invitation },

  listDevices: { method: get, path: '/api/v1/devices', ...bare, reply: z.object({ items: z.array(Device) }) },
  listOwnDevices: { method: get, path: '/api/v1/me/devices', ...bare, reply: z.object({ items: z.array(Device) }) },
  /** The same key again attaches this sign-in to the device that is known. */
  enrolDevice: { method: post, path: '/api/v1/me/devices', params: none, query: none, body: DeviceWish, reply: Device },
  renameDevice: {
    method: 'PUT' as const,
    path: '/api/v1/me/devices/:id',
    ...onOne,
    body: z.object({ name: Name }),
    reply: Device,
  },
  revokeOwnDevice: { method: post, path: '/api/v1/me/devices/:id/revoke', ...onOne, body: none, reply: Device },
  revokeDevice: { method: post, path: '/api/v1/devices/:id/revoke', ...onOne, body: none, reply: Device },

  /** Newest first. Of the kinds asked for there may be none on a page that has a `next`: it was looked for some way back only. */
  listSecurityEvents: {
    method: get,
    path: '/api/v1/security-events',
    params: none,
    query: z.object({
      before: z.coerce.number().int().positive().optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
      kind: z.array(z.string().max(60)).max(50).optional(),
    }),
    body: null,
    reply: z.object({ items: z.array(SecurityEvent), next: z.int().nullable() }),
  },
} as const;

export type AccessApi = typeof accessApi;
