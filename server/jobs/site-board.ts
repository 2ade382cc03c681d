/** The board of a process that works for several sites: each job on its own site's board. */
import type { NewJob } from '../../core/contract/jobs.ts';
import type { ClaimedJob } from '../queue/queue.ts';
import type { JobBoard } from './board.ts';

const notHere = (what: string): never => {
  throw new Error(`jobs are ${what} on the board of their site`);
};

/** `siteOf`: whose a claimed job is; a site that this process does not know has no board. Jobs are made and cancelled on their own site's board, never here. */
export function createSiteBoard(
  boardOf: (site: string) => JobBoard | undefined,
  siteOf: (job: ClaimedJob) => string,
): JobBoard {
  const of = (job: ClaimedJob): JobBoard | undefined => boardOf(siteOf(job));
  return {
    made: (_jobs: readonly NewJob[]) => notHere('made'),
    running: (job) => of(job)?.running(job),
    progress: (job, share, stage) => of(job)?.progress(job, share, stage),
    ended: (job, state, error) => of(job)?.ended(job, state, error),
    cancelled: () => notHere('cancelled'),
  };
}
