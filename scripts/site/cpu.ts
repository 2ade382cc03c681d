/** What the programs of a run have worked so far: a machine that others work on too makes seconds long, not these. */
import { readdirSync, readFileSync } from 'node:fs';

/** Of Linux, on every machine that Debian runs on. */
const TICKS_A_SECOND = 100;

interface Program {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly seconds: number;
}

function programs(): Program[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const end = stat.lastIndexOf(')');
        const fields = stat.slice(end + 2).split(' ');
        // Its own and that of its children who have ended (Postgres makes one for each connection).
        const ticks = [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0);
        const name = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(pid), parent: Number(fields[1]), name, seconds: ticks / TICKS_A_SECOND }];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
}

/** Seconds of processor that one program has had; 0 where it has ended. */
export const secondsOf = (pid: number): number => programs().find((one) => one.pid === pid)?.seconds ?? 0;

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/--services=api/, 'api'],
  [/--services=/, 'workers'],
  [/nginx/, 'nginx'],
  [/pgbouncer/, 'pgbouncer'],
  [/postgres/, 'postgres'],
  [/redis/, 'redis'],
  [/ceph|radosgw/, 's3'],
];

/** Seconds of processor by kind of program; `client`: this process itself. */
export function cpuSeconds(): Map<string, number> {
  const all = programs();
  const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const isOurs = (pid: number): boolean => pid === process.pid || (pid > 1 && isOurs(parents.get(pid) ?? 0));
  const sums = new Map<string, number>();
  for (const { pid, name, seconds } of all) {
    if (!isOurs(pid)) continue;
    const kind = pid === process.pid ? 'client' : (KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'others');
    sums.set(kind, (sums.get(kind) ?? 0) + seconds);
  }
  return sums;
}
