/** The address of a Redis, apart from its driver: a command looks at the settings before it loads one. */

/** Throws without the address: it holds the password. */
export function checkRedisUrl(url: string): void {
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol !== 'redis:' && protocol !== 'rediss:')
    throw new Error('REDIS_URL must be redis://[user:password@]host[:port][/db], or rediss:// for TLS.');
}
