/** The jobs of this run as the screen sees them: remembers each job's view and tells the hub of every change. */
import { isOnInvoices, type JobName, type JobState, type JobView, type NewJob } from '../../core/contract/jobs.ts';
import type { Hub } from '../hub.ts';
import type { ClaimedJob } from '../queue/queue.ts';

/** Ended jobs leave the board after their last event; this many waiting ones at most are remembered. */
const MAX_REMEMBERED = 10_000;

export interface JobBoard {
  made(jobs: readonly NewJob[]): void;
  running(job: ClaimedJob): void;
  progress(job: ClaimedJob, share: number, stage: string): void;
  ended(job: ClaimedJob, state: JobState, error?: string): void;
  cancelled(ids: readonly string[]): void;
}

export function createJobBoard(hub: Hub, now: () => number): JobBoard {
  const views = new Map<string, JobView>();
  const update = (id: string, change: Partial<JobView> & Pick<JobView, 'name' | 'root'>): void => {
    if (!isOnInvoices(change.name as JobName)) return;
    const at = new Date(now()).toISOString();
    const before = views.get(id) ?? {
      id,
      state: 'waiting' as const,
      attempts: 0,
      progress: 0,
      stage: '',
      error: null,
      createdAt: at,
      updatedAt: at,
    };
    const view: JobView = { ...before, ...change, updatedAt: at };
    if (view.state === 'waiting' || view.state === 'running') {
      if (views.size < MAX_REMEMBERED) views.set(id, view);
    } else views.delete(id);
    hub.publish({ type: 'job', job: view });
    hub.touch();
  };
  return {
    made(jobs) {
      for (const job of jobs) update(job.id, { name: job.name, root: job.root });
    },
    running(job) {
      update(job.id, { name: job.name, root: job.root, state: 'running', attempts: job.attempt });
    },
    progress(job, share, stage) {
      update(job.id, { name: job.name, root: job.root, state: 'running', progress: share, stage });
    },
    ended(job, state, error) {
      update(job.id, {
        name: job.name,
        root: job.root,
        state,
        error: error ?? null,
        ...(state === 'done' ? { progress: 1 } : {}),
      });
    },
    cancelled(ids) {
      for (const id of ids) {
        const view = views.get(id);
        if (view !== undefined) update(id, { ...view, state: 'cancelled' });
      }
    },
  };
}
