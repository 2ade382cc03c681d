/** Cookies, as far as this program needs them. */
import type { FastifyReply, FastifyRequest } from 'fastify';

export function readCookie(request: FastifyRequest, name: string): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

export interface CookieOptions {
  readonly secure: boolean;
  readonly sameSite: 'Strict' | 'Lax';
  readonly path: string;
  /** 0 removes it. */
  readonly maxAgeS: number;
}

/** Values are base64url or the like: nothing in them needs quoting. Several cookies of one reply are kept apart. */
export function setCookie(reply: FastifyReply, name: string, value: string, options: CookieOptions): void {
  const { secure, sameSite, path, maxAgeS } = options;
  const text = `${name}=${value}; Path=${path}; Max-Age=${maxAgeS}; HttpOnly; SameSite=${sameSite}${secure ? '; Secure' : ''}`;
  const before = reply.getHeader('set-cookie');
  const list = before === undefined ? [] : Array.isArray(before) ? before : [String(before)];
  void reply.removeHeader('set-cookie').header('set-cookie', [...list, text]);
}
