/** The job of erase.ts, for whoever takes an erasure in. */
import type { NewJob } from '../../core/contract/jobs.ts';

const PRIORITY = 2;

/** `root`: the operation that erased. */
export const eraseJob = (id: string, root: string): NewJob => ({
  id,
  name: 'erase',
  data: {},
  root,
  priority: PRIORITY,
});
