/**
 * Numbered migrations, forward only, of the site's database. A released one never changes; a newer program adds to the list: expand first, so that the program
 * before still works (it may come back by a rollback, and replicas are replaced one by one), contract in a later release, which says so by `needs`.
 */
import {
  FUNCTIONS,
  TABLES_JOBS,
  TABLES_LEARNED,
  TABLES_LOG,
  TABLES_PROJECTIONS,
  TABLES_SITE,
  WALLS,
} from './migration-1.ts';
import { WEBHOOKS } from './migration-2.ts';
import { TURNS } from './migration-3.ts';
import { READING } from './migration-4.ts';
import { LIGHT_JOBS } from './migration-5.ts';
import { LOG_FUNCTIONS, SYNC } from './migration-6.ts';
import { QUESTIONS } from './migration-7.ts';
import { SNAPSHOTS } from './migration-snapshot.ts';
import { SUSPECTS } from './migration-suspects.ts';
import { COLUMNS } from './migration-columns.ts';
import { TOGETHER } from './migration-together.ts';
import { HEADS_OF_ROOTS } from './migration-heads.ts';
import { ROLES } from './migration-roles.ts';
import { ERASURE } from './migration-erase.ts';
import { STAMPS } from './migration-stamps.ts';
import { NAMED } from './migration-named.ts';
import { PUSH } from './migration-push.ts';

export interface Migration {
  readonly version: number;
  readonly name: string;
  /** The version that a program has to know to work on a database that has had this migration. */
  readonly needs: number;
  readonly sql: string;
}

export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    name: 'operation log, projections, jobs, lessons, walls between sites',
    needs: 1,
    sql: [TABLES_LOG, TABLES_PROJECTIONS, TABLES_SITE, TABLES_JOBS, TABLES_LEARNED, FUNCTIONS, WALLS].join('\n'),
  },
  { version: 2, name: 'webhooks', needs: 1, sql: WEBHOOKS },
  { version: 3, name: 'sites take turns', needs: 1, sql: TURNS },
  { version: 4, name: 'invoices are read in one round trip', needs: 1, sql: READING },
  { version: 5, name: 'jobs with few indexes', needs: 1, sql: LIGHT_JOBS },
  { version: 6, name: 'sync with stations', needs: 1, sql: [SYNC, LOG_FUNCTIONS].join('\n') },
  { version: 7, name: 'a commit asks one question', needs: 1, sql: QUESTIONS },
  { version: 8, name: 'cells of a root, conflicts of an invoice', needs: 1, sql: HEADS_OF_ROOTS },
  { version: 9, name: 'who is at what', needs: 1, sql: TOGETHER },
  { version: 10, name: 'erasure', needs: 1, sql: ERASURE },
  { version: 11, name: 'snapshots', needs: 1, sql: SNAPSHOTS },
  { version: 12, name: 'invoices that may be here twice', needs: 1, sql: SUSPECTS },
  { version: 13, name: 'rows of the log as columns', needs: 1, sql: COLUMNS },
  { version: 14, name: 'roles that operations were judged by', needs: 1, sql: ROLES },
  { version: 15, name: 'lessons by the clocks of their authors', needs: 1, sql: STAMPS },
  { version: 16, name: 'bytes that something names', needs: 1, sql: NAMED },
  { version: 17, name: 'a push in one round trip', needs: 1, sql: PUSH },
];
