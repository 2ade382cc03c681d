/** The job of refresh.ts, for whoever takes operations in. */
import type { NewJob } from '../../core/contract/jobs.ts';

/** Behind what a person waits for, before an import. */
const PRIORITY = 3;

/** `root`: an invoice, or the sha256 of a document. Vendors need none: their lessons are rows of the log's own transaction. */
export const refreshJob = (id: string, root: string): NewJob => ({
  id,
  name: 'refresh',
  data: {},
  root,
  priority: PRIORITY,
});
