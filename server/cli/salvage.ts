/** `salvage`: what can be proved of a damaged database, in a new one. */
import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openFolders, workspaceFolder } from '../folders.ts';
import { type SalvageReport, salvageSqlite } from '../store/sqlite/salvage.ts';
import { type Command, parse, type Surroundings } from './command.ts';
import { configFor } from './open.ts';
import { rebuildDatabase } from './rebuild-database.ts';

const HELP = `Usage: ap-intake salvage [--data DIR] [--workspace own|demo]

For a database that the station calls damaged. Every operation that proves itself by its hash is taken into a new database: from
the damaged file, whatever its structure, and from the copies in "backups". Lists, search and findings are made again from them.
The damaged files are kept in "backups", unchanged. A database without damage is left alone. The station must not be running.
The exit code is 1 where something is lost, and the report says what.

  --data DIR   data folder (default: the user's own)

Example:
  ap-intake salvage --data /srv/station
`;

export const salvageCommandLine: Command = {
  summary: 'save what is in a damaged database into a new one',
  help: HELP,
  async run(args, around) {
    const { values } = parse(args, { data: { type: 'string' }, workspace: { type: 'string' } });
    const config = configFor(around, values);
    const root = workspaceFolder(config.data, config.workspace);
    const path = join(root, 'station.db');
    if (!existsSync(path) && !existsSync(`${path}.salvaged`)) {
      around.say(`There is no station at ${path}.`);
      return 1;
    }
    const { blobs } = openFolders(root);
    const problems: string[] = [];
    const salvaged = await salvageSqlite({
      path,
      now: new Date().toISOString(),
      random: randomBytes,
      sizeOf: (sha256) =>
        statSync(join(blobs, sha256.slice(0, 2), sha256.slice(2, 4), sha256), { throwIfNoEntry: false })?.size,
      async rebuild(database) {
        const rebuilt = await rebuildDatabase(config, database, around);
        problems.push(...rebuilt.problems.map(({ invoice, what }) => `${invoice}\t${what}`));
        around.out(`${rebuilt.invoices} invoices, ${rebuilt.toRead} of them to be read again\n`);
      },
    });
    if (salvaged.kind === 'healthy') {
      around.out('No damage was found; nothing was changed.\n');
      return 0;
    }
    if (salvaged.kind === 'salvaged') print(salvaged, problems, around);
    around.out(`The damaged files are in ${salvaged.kept}.\n`);
    return salvaged.kind === 'finished' || isWhole(salvaged, problems) ? 0 : 1;
  },
};

const isWhole = ({ lost, withoutContent }: SalvageReport, problems: readonly string[]): boolean =>
  lost === 0 && withoutContent === 0 && problems.length === 0;

function print(report: SalvageReport, problems: readonly string[], { out }: Surroundings): void {
  for (const problem of [...report.problems, ...problems]) out(`problem\t${problem}\n`);
  const { ops, readable, fromBackups, lost, withoutContent } = report;
  out(`${ops} operations saved, ${readable} of them still readable in place, ${fromBackups} from backups\n`);
  out(`${lost} operations are lost, ${withoutContent} have lost their content\n`);
  if (report.newDevice) out('The station goes on under a new device id: the old chain of operations has a gap.\n');
}
