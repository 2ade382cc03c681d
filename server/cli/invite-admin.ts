/** `invite-admin`: the first admin of a site, whom nobody there could invite. */
import { Login } from '../../core/contract/access.ts';
import { type Command, parse, UsageError } from './command.ts';

const HELP = `Usage: ap-intake invite-admin LOGIN [--name NAME] [--site SITE]

Prints a link by which the first admin of a site chooses a password; it works once, for a week. Where a site has an admin already, nobody is invited:
further people are invited by an admin. Run again for the same person, it makes a new link and the old one ends.

The database is the one in DATABASE_URL, as the role that the site works with. PUBLIC_URL, SITES and SITE_KEY_FILE are those of the server.

Example:
  ap-intake invite-admin ada@your-company.com --name "Ada Hafner"
`;

export const inviteAdminCommand: Command = {
  summary: 'invite the first admin of a site',
  help: HELP,
  async run(args, around) {
    const { values, positionals } = parse(args, { name: { type: 'string' }, site: { type: 'string' } });
    const login = Login.safeParse(positionals[0]);
    if (!login.success || positionals.length > 1) throw new UsageError('Name one person, by e-mail or user name.');
    // The driver is loaded for this command alone.
    const [{ readDatabaseUrl }, { openSetup }] = await Promise.all([
      import('../store/postgres/url.ts'),
      import('../access/setup.ts'),
    ]);
    const url = readDatabaseUrl(around.env);
    if (url === undefined) throw new UsageError('Set DATABASE_URL to the database of the site.');
    const setup = openSetup(url, around.env);
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
