/** `rebuild`: the rows of every invoice once more from the operation log. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceFolder } from '../folders.ts';
import { type Command, parse } from './command.ts';
import { configFor } from './open.ts';
import { rebuildDatabase } from './rebuild-database.ts';

const HELP = `Usage: ap-intake rebuild [--data DIR] [--workspace own|demo]

Makes the rows of every invoice (list, search, lines, findings) again from the operation log and the readings.
The log itself is not touched. The station must not be running on the folder.

  --data DIR   data folder (default: the user's own)

Example:
  ap-intake rebuild --data /srv/station
`;

export const rebuildCommand: Command = {
  summary: 'make lists, search and findings again from the operation log',
  help: HELP,
  async run(args, around) {
    const { values } = parse(args, { data: { type: 'string' }, workspace: { type: 'string' } });
    const config = configFor(around, values);
    const path = join(workspaceFolder(config.data, config.workspace), 'station.db');
    if (!existsSync(path)) {
      around.say(`There is no station at ${path}.`);
      return 1;
    }
    const report = await rebuildDatabase(config, path, around);
    for (const { invoice, what } of report.problems) around.out(`problem\t${invoice}\t${what}\n`);
    around.out(
      `${report.invoices} invoices rebuilt, ${report.strays} rows removed that no operation stands behind, ${report.toRead} to be read\n`,
    );
    return report.problems.length === 0 ? 0 : 1;
  },
};
