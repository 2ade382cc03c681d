/** What a person types as the address of a site -> its origin. */

export type ParsedAddress =
  | { readonly kind: 'address'; readonly origin: string }
  /** `plain`: http, where it is not this machine and nobody has allowed it. */
  | { readonly kind: 'refused'; readonly why: 'address' | 'plain-http' };

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
export const isLoopback = (hostname: string): boolean => LOOPBACK.test(hostname);

const refused = (why: 'address' | 'plain-http'): ParsedAddress => ({ kind: 'refused', why });

/** `plainHosts`: hosts (`name` or `name:port`) that whoever runs the station allows without TLS. */
export function parseAddress(typed: string, plainHosts: readonly string[]): ParsedAddress {
  const text = typed.trim();
  const given = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const guess = /^(?:localhost|127\.|\[::1\])/i.test(text) ? 'http' : 'https';
  const whole = given ? text : `${guess}://${text}`;
  if (text === '' || /\s/.test(text) || !URL.canParse(whole)) return refused('address');
  const url = new URL(whole);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  if (!isWeb || url.username !== '' || url.password !== '' || url.hostname === '') return refused('address');
  const plain = isLoopback(url.hostname) || plainHosts.includes(url.hostname) || plainHosts.includes(url.host);
  if (url.protocol === 'http:' && !plain) return refused('plain-http');
  // People copy what stands in their browser: the path is none of the site's address.
  return { kind: 'address', origin: url.origin };
}
