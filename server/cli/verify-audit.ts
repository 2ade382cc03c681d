/** `verify-audit`: every operation of a data folder against its hash, its commitment and its place in the chain. */
import { auditSqlite } from '../store/sqlite/create.ts';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { workspaceFolder } from '../folders.ts';
import { choice, type Command, dataFolder, parse } from './command.ts';

const HELP = `Usage: ap-intake verify-audit [FILE] [--data DIR] [--workspace own|demo]

Checks the operation log: each operation's hash, its content against its commitment, and the chain of every device.
An edit, a deletion, an insertion or a new order of any row is found and named. The exit code is 1 where something is wrong.

  FILE         a database by itself, such as a copy in "backups"
  --data DIR   data folder (default: the user's own)

Examples:
  ap-intake verify-audit --data /srv/station
  ap-intake verify-audit /srv/station/own/backups/station-20260501T060000Z.db
`;

export const verifyAuditCommand: Command = {
  summary: 'check the operation log for any change after the fact',
  help: HELP,
  async run(args, around) {
    const { values, positionals } = parse(args, { data: { type: 'string' }, workspace: { type: 'string' } });
    const place = choice('workspace', values.workspace, ['own', 'demo'], 'own');
    const [file] = positionals;
    const path =
      file === undefined
        ? join(workspaceFolder(dataFolder(around, values.data), place), 'station.db')
        : resolve(around.cwd, file);
    if (!existsSync(path)) {
      around.say(`There is no station at ${path}.`);
      return 1;
    }
    // Read only: an audit changes nothing, and works beside a running station.
    const report = await auditSqlite(path);
    for (const { op, devSeq, what } of report.problems) around.out(`problem\t${op}\t${devSeq}\t${what}\n`);
    around.out(
      `${report.ops} operations of ${report.devices} devices, ${report.erased} with erased content, ${report.problems.length} problems${report.known === 0 ? '' : ` besides ${report.known} of a salvage`}\n`,
    );
    return report.problems.length === 0 ? 0 : 1;
  },
};
