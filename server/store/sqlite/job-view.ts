/** A row of the job table as the screens see it. */
import type { JobState, JobView } from '../../../core/contract/jobs.ts';
import type { job } from './schema.ts';

export const jobView = (row: typeof job.$inferSelect): JobView => ({
  id: row.id,
  name: row.name,
  root: row.root,
  state: row.state as JobState,
  attempts: row.attempts,
  progress: row.progress,
  stage: row.stage,
  error: row.error,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});
