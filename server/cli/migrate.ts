/** `migrate`: brings the site's database to this version of the program. */
import { type Command, parse, type Surroundings, UsageError } from './command.ts';

const HELP = `Usage: ap-intake migrate

Brings the site's Postgres database to this version of the program. Several may run at once: one does the work, the others wait for it. A database that a
newer program changed is refused where this one cannot work on it any more. Make a backup first: there is no way back.

The database is the one in DATABASE_URL, as the role that owns it (not the role that the site works with), straight or through pgbouncer. The password may
stand in the file that DATABASE_PASSWORD_FILE names.

Example:
  DATABASE_URL=postgres://app_owner@db:5432/ap_intake DATABASE_PASSWORD_FILE=/run/secrets/db_owner_password ap-intake migrate
`;

function addressOf(read: (env: Surroundings['env']) => string | undefined, env: Surroundings['env']): string {
  try {
    const url = read(env);
    if (url !== undefined) return url;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  throw new UsageError('Set DATABASE_URL to the database of the site.');
}

export const migrateCommand: Command = {
  summary: "bring the site's database to this version",
  help: HELP,
  async run(args, around) {
    const { positionals } = parse(args, {});
    if (positionals.length > 0) throw new UsageError('The database is named by DATABASE_URL.');
    // The driver is loaded for this command alone.
    const { readDatabaseUrl } = await import('../store/postgres/url.ts');
    const { migrate } = await import('../store/postgres/migrate.ts');
    const { migrateAccess } = await import('../access/store/postgres.ts');
    const url = addressOf(readDatabaseUrl, around.env);
    const { from, to } = await migrate({ url, now: Date.now });
    // Accounts and sign-ins have numbers of their own.
    await migrateAccess(url);
    around.out(
      from === to ? `The database is at version ${to}.\n` : `The database went from version ${from} to ${to}.\n`,
    );
    return 0;
  },
};
