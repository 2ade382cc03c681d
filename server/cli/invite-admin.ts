/** `invite-admin`: the first admin of a site, whom nobody there could invite. */
import { resolve } from 'node:path';
import { Login } from '../../core/contract/access.ts';
import type { AccessStore } from '../access/store/access-store.ts';
import { type Command, parse, type Surroundings, UsageError } from './command.ts';

const HELP = `Usage: ap-intake invite-admin LOGIN [--name NAME] [--site SITE]

Prints a link by which the first admin of a site chooses a password; it works once, for a week. Where a site has an admin already, nobody is invited:
further people are invited by an admin. Run again for the same person, it makes a new link and the old one ends.

The database is the one in DATABASE_URL, as the role that the site works with; or, for a site on SQLite that is not running, in the folder AP_DATA. PUBLIC_URL,
SITES and SITE_KEY_FILE are those of the server.

Example:
  ap-intake invite-admin ada@your-company.com --name "Ada Hafner"
`;

/** Drivers are loaded for this command alone. */
async function accessStore({ env }: Surroundings): Promise<AccessStore> {
  const { readDatabaseUrl } = await import('../store/postgres/url.ts');
  const url = readDatabaseUrl(env);
  if (url !== undefined) {
    const { openPostgresAccessStore } = await import('../access/store/postgres.ts');
    return openPostgresAccessStore(url);
  }
  const { AP_DATA: data = '' } = env;
  if (data === '') throw new UsageError('Set DATABASE_URL to the database of the site, or AP_DATA to its folder.');
  const { openEmbeddedAccess } = await import('../site/stores.ts');
  return openEmbeddedAccess(resolve(data));
}

export const inviteAdminCommand: Command = {
  summary: 'invite the first admin of a site',
  help: HELP,
  async run(args, around) {
    const { values, positionals } = parse(args, { name: { type: 'string' }, site: { type: 'string' } });
    const login = Login.safeParse(positionals[0]);
    if (!login.success || positionals.length > 1) throw new UsageError('Name one person, by e-mail or user name.');
    const { openSetup } = await import('../access/setup.ts');
    const setup = await openSetup(() => accessStore(around), around.env);
    try {
      const site = values.site ?? setup.sites[0] ?? '';
      if (!setup.sites.includes(site))
        throw new UsageError(`There is no site ${site}. There are: ${setup.sites.join(', ')}.`);
      const invitation = await setup.inviteFirstAdmin({ site, login: login.data, name: values.name ?? login.data });
      if (invitation === undefined) {
        around.say(`The site ${site} has an admin already. Admins invite further people.`);
        return 1;
      }
      around.out(`${invitation.link}\n`);
      around.say(`The link works once, until ${invitation.expiresAt}.`);
      return 0;
    } finally {
      await setup.close();
    }
  },
};
