/** A site on a Postgres that was started for it. */
import { migrateAccess } from '../server/access/store/postgres.ts';
import { startCluster } from '../server/store/testing-cluster.ts';
import { createTestDatabase, prepareCluster } from '../server/store/testing-roles.ts';
import { startUiSite, type UiSite } from './site-people.ts';

export interface PostgresUiSite {
  readonly site: UiSite;
  /** The site, which may have been closed before, and its Postgres. */
  stop(): Promise<void>;
}

export async function startPostgresUiSite(): Promise<PostgresUiSite> {
  const cluster = await startCluster();
  await prepareCluster(cluster.url);
  const database = await createTestDatabase(cluster.url);
  await migrateAccess(database.ownerUrl);
  const site = await startUiSite({ DATABASE_URL: database.url });
  return {
    site,
    async stop() {
      await site.close();
      await database.drop();
      await cluster.stop();
    },
  };
}
