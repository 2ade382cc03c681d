/**
 * Which waiting jobs a delivery was told of. Kept in memory: this process alone has the database, and one that starts again hands everything out again
 * (what carries the jobs knows them by id).
 */
import { and, asc, eq, inArray, lte, or } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { JobName } from '../../../core/contract/jobs.ts';
import type { Due } from '../../queue/queue.ts';
import { isDue } from './job-due.ts';
import { job } from './schema.ts';

export function createJobOutbox(orm: BetterSQLite3Database) {
  /** When each was handed out; 0 for one that has to be handed out again. */
  const handed = new Map<string, number>();

  const due = (names: readonly JobName[], nowMs: number) =>
    orm
      .select({ id: job.id, name: job.name, priority: job.priority, state: job.state, leaseUntil: job.leaseUntil })
      .from(job)
      .where(
        and(
          inArray(job.name, [...names]),
          or(and(eq(job.state, 'waiting'), isDue(nowMs)), and(eq(job.state, 'running'), lte(job.leaseUntil, nowMs))),
        ),
      )
      .orderBy(asc(job.priority), asc(job.createdAt), asc(job.id))
      .all();

  function handOut(names: readonly JobName[], limit: number, patienceMs: number, nowMs: number): Due[] {
    const fresh: Due[] = [];
    const again: { at: number; due: Due }[] = [];
    for (const { id, name, priority, state, leaseUntil } of due(names, nowMs)) {
      const at = handed.get(id);
      if (at === undefined) fresh.push({ id, name: name as JobName, priority, again: false });
      else if (at <= nowMs - patienceMs || (state === 'running' && at < (leaseUntil ?? 0)))
        again.push({ at, due: { id, name: name as JobName, priority, again: true } });
      if (fresh.length >= limit) break;
    }
    const longest = again.toSorted((a, b) => a.at - b.at).map(({ due: one }) => one);
    const taken = [...fresh, ...longest].slice(0, limit);
    for (const { id } of taken) handed.set(id, nowMs);
    return taken;
  }

  return {
    handOut,
    forget: (ids?: readonly string[]): void => {
      if (ids === undefined) handed.clear();
      else for (const id of ids) handed.delete(id);
    },
    /** Perhaps more urgent than what the delivery was told. */
    changed: (id: string): void => {
      if (handed.has(id)) handed.set(id, 0);
    },
  };
}
