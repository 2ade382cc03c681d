/** What is not here of the log ([Note: What is gone] in migration-gone.ts), as rows; every call inside a transaction of the caller's. */
import { AppError } from '../../../core/contract/errors.ts';
import type { Sqlite } from './open.ts';

export interface Gone {
  /** Whether anything is. */
  any(): boolean;
  /** Of how many operations of the root the texts are not here. */
  ops(root: string): number;
  /** Up to where operations of the device may be missing. */
  mark(device: string): { readonly devSeq: number; readonly hash: string } | undefined;
  /** The verdict of one that is not here. */
  verdictIs(opId: string, verdict: string): boolean;
  /** Something came to it: all of it has to be fetched before it can be shown again. */
  want(root: string): void;
  /** In the order of their ids, after one. */
  wanted(limit: number, after: string): string[];
}

export function createGone(db: Sqlite): Gone {
  const any = db.prepare('SELECT EXISTS (SELECT 1 FROM gone_chain)').pluck();
  const ops = db.prepare('SELECT ops FROM gone_root WHERE root = ?').pluck();
  const mark = db.prepare('SELECT dev_seq AS devSeq, hash FROM gone_chain WHERE device = ?');
  const refused = db.prepare('SELECT EXISTS (SELECT 1 FROM gone_refused WHERE op_id = ?)').pluck();
  const want = db.prepare('UPDATE gone_root SET wanted = 1 WHERE root = ?');
  const wanted = db.prepare('SELECT root FROM gone_root WHERE wanted = 1 AND root > ? ORDER BY root LIMIT ?').pluck();
  return {
    any: () => any.get() === 1,
    ops: (root) => Number(ops.get(root) ?? 0),
    mark: (device) => mark.get(device) as ReturnType<Gone['mark']>,
    verdictIs: (opId, verdict) => (refused.get(opId) === 1) === (verdict !== 'accepted'),
    want: (root) => void want.run(root),
    wanted: (limit, after) => wanted.all(after, limit) as string[],
  };
}

/** What only the site can answer. */
export const needsSite = (root: string): AppError =>
  new AppError(
    'unavailable',
    'The history of this invoice is kept at the site. It can be seen and changed once the site answers.',
    {
      reason: 'needs-site',
      root,
    },
  );
