/** Accounts and devices as they are kept. A stored row is parsed when it is read; a newer field has a default, so that old rows stay readable. */
import { z } from 'zod';
import { ApprovalLimit, Role, USER_STATES } from '../../core/contract/access.ts';

const StoredAccount = z.object({
  id: z.string(),
  /** Lower case; unique within the site. */
  login: z.string(),
  name: z.string(),
  role: Role,
  limits: z.array(ApprovalLimit).default([]),
  state: z.enum(USER_STATES),
  /** PHC string of argon2id; null while invited, and for people of an external identity provider. */
  password: z.string().nullable().default(null),
  /** The sealed secret of the authenticator. */
  totp: z.string().nullable().default(null),
  /** The last time step whose code was taken: a code works once. */
  totpStep: z.int().default(0),
  /** Digests of recovery codes that were not used yet. */
  recovery: z.array(z.string()).default([]),
  /** Digest of the invitation that is open, and its end. */
  invitation: z.object({ digest: z.string(), until: z.string() }).nullable().default(null),
  /** What was issued before this instant (epoch seconds) is refused. */
  validFrom: z.int().default(0),
  /** Issuer and subject at an external identity provider. */
  subject: z.string().nullable().default(null),
  /** Of a service, which signs in by its key: Ed25519, raw, base64url. */
  publicKey: z.string().nullable().default(null),
  createdAt: z.string(),
  lastSignInAt: z.string().nullable().default(null),
  version: z.int(),
});
export type Account = Readonly<z.infer<typeof StoredAccount>>;

const StoredDevice = z.object({
  id: z.string(),
  account: z.string(),
  name: z.string(),
  publicKey: z.string(),
  /** The sign-in that the device uses at present: its refresh tokens and access tokens carry it. */
  grant: z.string().nullable().default(null),
  createdAt: z.string(),
  lastSeenAt: z.string().nullable().default(null),
  revokedAt: z.string().nullable().default(null),
  /** Name of whoever did it, as it was then. */
  revokedBy: z.string().nullable().default(null),
  platform: z.string().nullable().default(null),
  program: z.string().nullable().default(null),
  version: z.int(),
});
export type StoredDevice = Readonly<z.infer<typeof StoredDevice>>;

export const readAccount = (text: string): Account => StoredAccount.parse(JSON.parse(text));
export const readDevice = (text: string): StoredDevice => StoredDevice.parse(JSON.parse(text));
