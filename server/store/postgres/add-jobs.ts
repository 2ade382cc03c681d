/** Jobs that a transaction makes, as its last statements, and what is told of them once it is committed. */
import type { QueryResultRow } from 'pg';
import type { NewJob } from '../../../core/contract/jobs.ts';
import type { Carried } from './carried.ts';
import type { Call } from './connection.ts';
import type { JobStatements } from './job-statements.ts';

export interface AddedJobs {
  readonly statements: readonly Call[];
  /** `rows`: of all statements of the transaction's last step, these the last of them. */
  tell(rows: readonly QueryResultRow[][]): void;
}

export function addJobs(jobs: JobStatements, carried: Carried, site: string, made: readonly NewJob[]): AddedJobs {
  const isCarried = carried.isOn();
  const statements = jobs.add(site, made, isCarried);
  return {
    statements,
    tell(rows) {
      if (made.length === 0) return;
      const own = rows.at(-1)?.[0]?.['added'] as readonly string[] | null | undefined;
      carried.tell(site, made, new Set(own), isCarried);
    },
  };
}
