/** Load by autocannon, which only benches need. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Load {
  readonly url: string;
  readonly paths: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly seconds: number;
  /** Requests a second of all connections together; as many as it takes without. */
  readonly rate?: number;
}

export interface Steady extends Pick<Load, 'url' | 'headers' | 'seconds' | 'paths'> {
  readonly rate: number;
}

export interface Answers {
  readonly perSecond: number;
  readonly p99Ms: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** Connections that broke, and requests that got no answer. */
  readonly errors: number;
}

interface Result {
  readonly requests: { readonly average: number };
  readonly latency: { readonly p99: number };
  readonly statusCodeStats: Readonly<Record<string, { readonly count: number }>>;
  readonly errors: number;
  readonly timeouts: number;
}

interface Client {
  setRequests(requests: readonly { method: string; path: string }[]): void;
}

type Autocannon = (options: object) => Promise<Result>;

const require = createRequire(join(import.meta.dirname, '..', '..', 'e2e', 'package.json'));

export async function load({ url, paths, headers = {}, connections, seconds, rate }: Load): Promise<Answers> {
  const autocannon = require('autocannon') as Autocannon;
  let started = 0;
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    headers,
    requests: [{ method: 'GET', path: paths[0] }],
    // Each connection has paths of its own, where there are enough: they do not ask for the same at the same moment.
    setupClient(client: Client) {
      const own = paths.filter((_, at) => at % connections === started % connections);
      started += 1;
      client.setRequests((own.length === 0 ? paths : own).map((path) => ({ method: 'GET', path })));
    },
    ...(rate === undefined ? {} : { overallRate: rate }),
  });
  return {
    perSecond: result.requests.average,
    p99Ms: result.latency.p99,
    statuses: Object.fromEntries(Object.entries(result.statusCodeStats).map(([code, { count }]) => [code, count])),
    errors: result.errors + result.timeouts,
  };
}

/** One request after the other at even distances, whatever became of those before: how somebody fares at any moment. (autocannon sends what it may of a second at its beginning.) */
export async function steady({ url, paths, headers = {}, seconds, rate }: Steady): Promise<Answers> {
  const times: number[] = [];
  const statuses: Record<string, number> = {};
  let errors = 0;
  const one = async (path: string): Promise<void> => {
    const from = performance.now();
    try {
      const reply = await fetch(`${url}${path}`, { headers });
      await reply.arrayBuffer();
      times.push(performance.now() - from);
      statuses[reply.status] = (statuses[reply.status] ?? 0) + 1;
    } catch {
      errors += 1;
    }
  };
  const begun = performance.now();
  const all: Promise<void>[] = [];
  for (let at = 0; at < seconds * rate; at += 1) {
    await sleep(Math.max(0, begun + (at * 1_000) / rate - performance.now()));
    all.push(one(paths[at % paths.length] ?? '/'));
  }
  await Promise.all(all);
  const p99Ms = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Infinity;
  return { perSecond: times.length / seconds, p99Ms: Math.round(p99Ms * 10) / 10, statuses, errors };
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
