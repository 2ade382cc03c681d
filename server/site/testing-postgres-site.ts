/** For tests: a site on a Postgres database of its own, prepared as an operator does it, in as many processes as the test starts. */
import { migrateAccess } from '../access/store/postgres.ts';
import { createTestDatabase, type TestDatabase } from '../store/testing-roles.ts';
import { type SitePlace, sitePlace, startServing, type TestServing } from './testing.ts';

export interface PostgresSite {
  readonly database: TestDatabase;
  readonly place: SitePlace;
  /** One process with these services, and what else differs from the others; closed with the site unless before. */
  start(services: string | undefined, more?: Readonly<Record<string, string>>): Promise<TestServing>;
  close(): Promise<void>;
}

/** `url`: of the cluster's superuser; `environment`: of all processes. */
export async function postgresSite(
  url: string | undefined,
  environment: Readonly<Record<string, string>> = {},
): Promise<PostgresSite> {
  const database = await createTestDatabase(url ?? '');
  await migrateAccess(database.ownerUrl);
  const place = await sitePlace({ DATABASE_URL: database.url, SITES: 'main', ...environment });
  const started = new Set<TestServing>();
  return {
    database,
    place,
    async start(services, more) {
      const serving = await startServing(place.config(services, more));
      started.add(serving);
      return {
        ...serving,
        close: () => {
          started.delete(serving);
          return serving.close();
        },
      };
    },
    async close() {
      for (const serving of started) await serving.close();
      place.cleanUp();
      await database.drop();
    },
  };
}
