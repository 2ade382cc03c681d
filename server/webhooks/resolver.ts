/**
 * Names of receivers, asked of the name servers themselves and within a time. The system's own look-up has neither: each of them holds one of the few threads that
 * this process also reads and writes files with, for as long as a name server is silent. It is asked for what no name server knows: the machine's own names.
 */
import { lookup } from 'node:dns';
import { Resolver as NameServers } from 'node:dns/promises';
import type { Resolver } from '../access/outbound.ts';

export interface ResolverOptions {
  readonly timeoutMs?: number;
  readonly tries?: number;
  /** For tests: `127.0.0.1:53053`. */
  readonly servers?: readonly string[];
}

const UNKNOWN: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code);

export function createResolver({ timeoutMs = 2_000, tries = 2, servers }: ResolverOptions = {}): Resolver {
  const names = new NameServers({ timeout: timeoutMs, tries });
  if (servers !== undefined) names.setServers([...servers]);

  const found = async (host: string): Promise<{ address: string; family: number }[]> => {
    const answers = await Promise.allSettled([names.resolve4(host), names.resolve6(host)]);
    const addresses = answers.flatMap((answer, index) =>
      answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family: index === 0 ? 4 : 6 })) : [],
    );
    if (addresses.length > 0) return addresses;
    const reasons = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as Error] : []));
    // One that did not answer may know the name: whether it does is for the next try.
    throw reasons.find((reason) => !UNKNOWN.has(codeOf(reason))) ?? reasons[0] ?? new Error('no address');
  };

  return (host, done) => {
    found(host).then(
      (addresses) => done(null, addresses),
      (error: Error) => {
        if (!UNKNOWN.has(codeOf(error))) return done(error, []);
        return lookup(host, { all: true }, (failed, addresses) => done(failed, addresses));
      },
    );
  };
}
