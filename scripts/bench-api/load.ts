/** Load for benches: as much as goes, by autocannon; or so much a second, at even distances. */
import { Agent, get } from 'node:http';
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

export interface Steady extends Pick<Load, 'url' | 'headers' | 'seconds' | 'paths' | 'connections'> {
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

/** When all of it has come. */
const got = (url: string, agent: Agent, headers: Readonly<Record<string, string>>): Promise<number> =>
  new Promise((resolve, reject) => {
    get(url, { agent, headers }, (reply) => {
      reply.resume();
      reply.on('error', reject);
      reply.on('end', () => resolve(reply.statusCode ?? 0));
    }).on('error', reject);
  });

/**
 * One request after the other at even distances, whatever became of those before: how somebody fares at any moment. Each is timed from the moment it was due: one that
 * had to wait for a connection has waited. (autocannon sends what it may of a second at its beginning, as fast as it can, and then counts each wait once more for each
 * of its milliseconds: of a server that answers one byte it says 12 to 105 ms on two cores.)
 */
export async function steady({ url, paths, headers = {}, seconds, rate, connections }: Steady): Promise<Answers> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const times: number[] = [];
  const statuses: Record<string, number> = {};
  let errors = 0;
  const one = async (path: string, due: number): Promise<void> => {
    try {
      const status = await got(`${url}${path}`, agent, headers);
      times.push(performance.now() - due);
      statuses[status] = (statuses[status] ?? 0) + 1;
    } catch {
      errors += 1;
    }
  };
  const begun = performance.now();
  const all: Promise<void>[] = [];
  for (let at = 0; at < seconds * rate; at += 1) {
    const due = begun + (at * 1_000) / rate;
    // Several are due at the same tick of the clock.
    if (due > performance.now()) await sleep(Math.max(0, due - performance.now()));
    all.push(one(paths[at % paths.length] ?? '/', due));
  }
  await Promise.all(all);
  agent.destroy();
  const p99Ms = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Infinity;
  return { perSecond: times.length / seconds, p99Ms: Math.round(p99Ms * 10) / 10, statuses, errors };
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
