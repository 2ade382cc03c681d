/** Jobs that were given up: listed, tried again by a person, or removed. */
import { and, desc, eq, lt, or, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { DeadLetters } from '../../queue/queue.ts';
import { jobView } from './job-view.ts';
import type { Sqlite } from './open.ts';
import { job } from './schema.ts';

const MAX_PAGE = 200;

/** A page begins after the instant and id that the cursor names. */
const after = (cursor: string | undefined) => {
  if (cursor === undefined) return undefined;
  const [at = '', id = ''] = cursor.split('~');
  return or(lt(job.updatedAt, at), and(eq(job.updatedAt, at), lt(job.id, id)));
};

export function createDeadJobs(db: Sqlite, orm: BetterSQLite3Database) {
  function list(limit: number, cursor?: string): DeadLetters {
    const size = Math.min(MAX_PAGE, Math.max(1, limit));
    const rows = orm
      .select()
      .from(job)
      .where(and(eq(job.state, 'dead'), after(cursor)))
      .orderBy(desc(job.updatedAt), desc(job.id))
      .limit(size + 1)
      .all();
    const items = rows.slice(0, size);
    const last = items.at(-1);
    const next = rows.length > size && last !== undefined ? `${last.updatedAt}~${last.id}` : null;
    return { items: items.map(jobView), next };
  }

  const replay = db.transaction((id: string, nowMs: number): 'waiting' | 'superseded' | 'gone' => {
    const row = orm
      .select()
      .from(job)
      .where(and(eq(job.id, id), eq(job.state, 'dead')))
      .get();
    if (row === undefined) return 'gone';
    const same = and(eq(job.name, row.name), eq(job.root, row.root), eq(job.state, 'waiting'));
    const isSuperseded = orm.select({ id: job.id }).from(job).where(same).get() !== undefined;
    const updatedAt = new Date(nowMs).toISOString();
    const fresh = { state: 'waiting', attempts: 0, failures: 0, progress: 0, stage: '', error: null, runAt: nowMs };
    orm
      .update(job)
      .set(isSuperseded ? { state: 'cancelled', updatedAt } : { ...fresh, updatedAt })
      .where(eq(job.id, id))
      .run();
    return isSuperseded ? 'superseded' : 'waiting';
  });

  function purge({ id, before }: { id?: string | undefined; before?: string | undefined }): number {
    return orm
      .delete(job)
      .where(
        and(
          eq(job.state, 'dead'),
          id === undefined ? undefined : eq(job.id, id),
          before === undefined ? undefined : sql`${job.updatedAt} < ${before}`,
        ),
      )
      .run().changes;
  }

  return { list, replay: (id: string, nowMs: number) => replay.immediate(id, nowMs), purge };
}
