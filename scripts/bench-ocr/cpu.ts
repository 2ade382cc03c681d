/** CPU time instead of wall time: on a machine that others use the clock on the wall measures them. */
import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of CPU that the whole process used for a piece of work, and on the clock. */
export async function costOf<T>(work: () => Promise<T>): Promise<{ result: T; cpu: number; wall: number }> {
  const from = process.cpuUsage();
  const start = performance.now();
  const result = await work();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(from);
  return { result, cpu: (user + system) / 1000, wall };
}

/**
 * What every thread of the process waited for a core that somebody else had, in milliseconds (Linux, /proc/.../schedstat); undefined elsewhere. Threads are
 * named by their ids.
 */
export function waitedForCores(): Map<string, { ran: number; waited: number }> | undefined {
  try {
    const threads = new Map<string, { ran: number; waited: number }>();
    for (const id of readdirSync('/proc/self/task')) {
      const [ran, waited] = readFileSync(`/proc/self/task/${id}/schedstat`, 'utf8').split(' ').map(Number);
      threads.set(id, { ran: (ran ?? 0) / 1e6, waited: (waited ?? 0) / 1e6 });
    }
    return threads;
  } catch {
    return undefined;
  }
}
