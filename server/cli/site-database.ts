/** The database of a site, for commands that run beside its servers: `DATABASE_URL`, as the role that the site works with. */
import { randomBytes } from 'node:crypto';
import type { PostgresDatabase } from '../store/postgres/create.ts';
import type { AccessStore } from '../access/store/access-store.ts';
import type { Surroundings } from './command.ts';

/** Commands ask one thing after the other. */
const POOL = 2;

export interface SiteDatabase {
  readonly database: PostgresDatabase;
  readonly access: AccessStore;
}

/** Undefined where no database is named. Drivers are loaded for those who need them alone. */
export async function withSiteDatabase<T>(
  { env }: Surroundings,
  work: (database: SiteDatabase) => Promise<T>,
): Promise<{ readonly result: T } | undefined> {
  const { readDatabaseUrl } = await import('../store/postgres/url.ts');
  const url = readDatabaseUrl(env);
  if (url === undefined) return undefined;
  const [{ createPostgresDatabase }, { openPostgresAccessStore }] = await Promise.all([
    import('../store/postgres/create.ts'),
    import('../access/store/postgres.ts'),
  ]);
  const database = await createPostgresDatabase({ url, poolSize: POOL, now: Date.now, random: randomBytes });
  const access = openPostgresAccessStore(url);
  try {
    return { result: await work({ database, access }) };
  } finally {
    await access.close();
    await database.close();
  }
}
