/** Access tokens: those of the built-in provider by its own keys, those of an external one by its published keys. */
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  type JWTPayload,
  jwtVerify,
  type JWTVerifyGetKey,
} from 'jose';
import type { ExternalProvider } from './external.ts';
import { publicKeys } from './keys.ts';
import { createOutboundFetch } from './outbound.ts';
import { parseSubject, type Parts } from './parts.ts';
import { audienceOf } from './provider/clients.ts';
import type { ProviderHolder } from './provider/holder.ts';
import { issuerOf } from './provider/provider.ts';

export interface Bearer {
  readonly site: string;
  readonly account: string;
  /** The sign-in it belongs to, as devices are attached to it. */
  readonly grant: string | null;
  /** Epoch seconds. */
  readonly issuedAt: number;
}

/** Undefined for everything that is not a valid token of this issuer: altered, expired, for somebody else. */
export type VerifyToken = (token: string) => Promise<Bearer | undefined>;

const CLOCK_S = 5;
/** A signature is looked at once a while; whether its person and device may still come in is asked with every request (principal.ts). */
const REMEMBERED_MS = 60_000;
const MOST_REMEMBERED = 5_000;
const LOOK_LEAST_MS = 10_000;

/** Of jose: what is wrong with a token. Anything else (a key set that cannot be had) is no verdict on it. */
const isVerdict = (error: unknown): boolean =>
  error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout) && !(error instanceof errors.JWKSInvalid);

async function verified(
  token: string,
  keys: JWTVerifyGetKey,
  options: Parameters<typeof jwtVerify>[2],
): Promise<JWTPayload | undefined> {
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (isVerdict(error)) return undefined;
    throw error;
  }
}

export function createBuiltInVerifier(
  { origin, now }: Pick<Parts, 'origin' | 'now'>,
  holder: ProviderHolder,
): VerifyToken {
  let known: { mark: string; keys: JWTVerifyGetKey } | undefined;
  let lookedAt = 0;
  /** At most once in a while: made-up key ids must not ask the store each time. */
  const worthALook = (token: string): boolean => {
    if (!hasUnknownKey(token, holder) || now() - lookedAt < LOOK_LEAST_MS) return false;
    lookedAt = now();
    return true;
  };
  const keysNow = (): JWTVerifyGetKey => {
    const set = holder.keySet();
    if (known?.mark !== set.mark) known = { mark: set.mark, keys: createLocalJWKSet(publicKeys(set)) };
    return known.keys;
  };
  const check = (token: string): Promise<JWTPayload | undefined> =>
    verified(token, keysNow(), {
      issuer: issuerOf(origin),
      audience: audienceOf(origin),
      algorithms: ['ES256'],
      typ: 'at+jwt',
      clockTolerance: CLOCK_S,
      requiredClaims: ['exp', 'iat', 'sub'],
      currentDate: new Date(now()),
    });
  return remembering(now, async (token) => {
    let payload = await check(token);
    if (payload === undefined && worthALook(token)) {
      // Another replica rotated: its key is in the store by now.
      await holder.refresh();
      payload = await check(token);
    }
    const at = payload?.sub === undefined ? undefined : parseSubject(payload.sub);
    if (payload === undefined || at === undefined) return undefined;
    const { grant } = payload;
    return { ...at, grant: typeof grant === 'string' ? grant : null, issuedAt: payload.iat ?? 0 };
  });
}

/** Seconds until which a token is valid, of a token that was verified. */
const endOf = (token: string): number =>
  (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { exp: number }).exp;

/** Verifying costs more than everything else about a small request. */
function remembering(now: () => number, verify: VerifyToken): VerifyToken {
  const known = new Map<string, { readonly bearer: Bearer; readonly until: number }>();
  return async (token) => {
    const before = known.get(token);
    if (before !== undefined && now() < before.until) return before.bearer;
    known.delete(token);
    const bearer = await verify(token);
    if (bearer === undefined) return undefined;
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(token, { bearer, until: Math.min(now() + REMEMBERED_MS, endOf(token) * 1_000) });
    return bearer;
  };
}

function hasUnknownKey(token: string, holder: ProviderHolder): boolean {
  try {
    const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8')) as {
      kid?: unknown;
    };
    return typeof header.kid === 'string' && !holder.keySet().keys.some(({ kid }) => kid === header.kid);
  } catch {
    return false; // not even a header
  }
}

export interface ExternalTokenOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUri: () => Promise<string>;
  readonly privateHosts: readonly string[];
}

/** For tokens that an external provider made for this site's API; whom they mean is the mapping's business. */
export function createExternalVerifier(options: ExternalTokenOptions, external: ExternalProvider): VerifyToken {
  const fetch = createOutboundFetch({ privateHosts: options.privateHosts });
  let keys: JWTVerifyGetKey | undefined;
  return async (token) => {
    keys ??= createRemoteJWKSet(new URL(await options.jwksUri()), {
      [customFetch]: (url, init) => fetch(url, init),
    });
    const payload = await verified(token, keys, {
      issuer: options.issuer,
      audience: options.audience,
      // Never a symmetric one: a public key as its secret would be everybody's.
      algorithms: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
      clockTolerance: CLOCK_S,
      requiredClaims: ['exp', 'iat', 'sub'],
    });
    if (payload?.sub === undefined) return undefined;
    const account = await external.accountFor(payload.sub, payload);
    if (account === undefined) return undefined;
    const { sid } = payload;
    return {
      site: account.site,
      account: account.id,
      grant: typeof sid === 'string' ? sid : null,
      issuedAt: payload.iat ?? 0,
    };
  };
}
