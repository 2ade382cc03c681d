/** Environment -> settings of access. Whoever starts the server, or a command, hands its environment in. Secrets come as files. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ROLES } from '../../core/access/roles.ts';
import type { ExternalSettings } from './external.ts';
import type { SiteAccessOptions } from './site-access.ts';

const List = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);
const Origin = z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text.replace(/\/$/, ''), {
  message: 'scheme, host and port alone, e.g. https://ap.your-company.com',
});
const Roles = z.string().transform((text, context) => {
  try {
    return z.record(z.string(), z.enum(ROLES)).parse(JSON.parse(text));
  } catch {
    context.addIssue({
      code: 'custom',
      message: 'JSON from a value of the claim to a role, e.g. {"ap-team":"reviewer"}',
    });
    return z.NEVER;
  }
});

const Environment = z.object({
  /** As people and stations reach the site. */
  PUBLIC_URL: Origin,
  /** Names of the sites of this deployment. */
  SITES: List.default(['main']),
  /** One key a line, 32 bytes as base64, the current one first: `openssl rand -base64 32`. */
  SITE_KEY_FILE: z.string().min(1),
  /** Addresses of the proxies in front. */
  TRUST_PROXY: z.string().optional(),
  /** An external identity provider in place of the built-in one. */
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET_FILE: z.string().optional(),
  OIDC_AUDIENCE: z.string().optional(),
  OIDC_ROLE_CLAIM: z.string().default('groups'),
  OIDC_ROLES: Roles.optional(),
  OIDC_SITE_CLAIM: z.string().optional(),
  OIDC_STATION_CLIENT_ID: z.string().optional(),
  OIDC_STATION_SCOPE: z.string().default('openid offline_access'),
  OIDC_PRIVATE_HOSTS: List.default([]),
});

export type AccessSettings = Pick<SiteAccessOptions, 'origin' | 'sites' | 'keys' | 'external' | 'trustProxy'>;
export type ReadFile = (path: string) => string;

/** Of the file system; the error names the variable and the file, never what is in it. */
function secret(name: string, path: string, readFile: ReadFile): string {
  try {
    return readFile(path).trim();
  } catch (error) {
    throw new Error(`${name}: ${path} cannot be read`, { cause: error });
  }
}

function keysIn(text: string): Buffer[] {
  const keys = text
    .split(/\s+/)
    .filter((line) => line !== '')
    .map((line) => Buffer.from(line, 'base64'));
  if (keys.length === 0 || keys.some((key) => key.length < 32))
    throw new Error('SITE_KEY_FILE: a key has 32 bytes as base64; make one by "openssl rand -base64 32"');
  return keys;
}

function externalOf(env: z.infer<typeof Environment>, readFile: ReadFile): ExternalSettings | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_AUDIENCE: audience } = env;
  if (issuer === undefined) return undefined;
  if (clientId === undefined || audience === undefined)
    throw new Error('OIDC_ISSUER: an external identity provider needs OIDC_CLIENT_ID and OIDC_AUDIENCE, too');
  const { OIDC_CLIENT_SECRET_FILE: file, OIDC_STATION_CLIENT_ID: station } = env;
  return {
    issuer,
    clientId,
    audience,
    roleClaim: env.OIDC_ROLE_CLAIM,
    privateHosts: env.OIDC_PRIVATE_HOSTS,
    ...(station === undefined ? {} : { station: { clientId: station, scope: env.OIDC_STATION_SCOPE } }),
    ...(file === undefined ? {} : { clientSecret: secret('OIDC_CLIENT_SECRET_FILE', file, readFile) }),
    ...(env.OIDC_ROLES === undefined ? {} : { roles: env.OIDC_ROLES }),
    ...(env.OIDC_SITE_CLAIM === undefined ? {} : { siteClaim: env.OIDC_SITE_CLAIM }),
  };
}

/** Throws with one line a wrong variable. */
export function readAccessSettings(
  environment: Readonly<Record<string, string | undefined>>,
  readFile: ReadFile = (path) => readFileSync(path, 'utf8'),
): AccessSettings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (!parsed.success)
    throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
  const env = parsed.data;
  const external = externalOf(env, readFile);
  return {
    origin: new URL(env.PUBLIC_URL).origin,
    sites: env.SITES,
    keys: keysIn(secret('SITE_KEY_FILE', env.SITE_KEY_FILE, readFile)),
    ...(external === undefined ? {} : { external }),
    ...(env.TRUST_PROXY === undefined ? {} : { trustProxy: env.TRUST_PROXY }),
  };
}
