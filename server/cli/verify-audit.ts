/** `verify-audit`: every operation of a data folder against its hash, its commitment and its place in the chain. */
import { auditSqlite } from '../store/sqlite/create.ts';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { workspaceFolder } from '../folders.ts';
import type { AuditReport } from '../store/store.ts';
import { choice, type Command, dataFolder, parse, type Surroundings } from './command.ts';
import { type SiteDatabase, withSiteDatabase } from './site-database.ts';

const HELP = `Usage: ap-intake verify-audit [FILE] [--data DIR] [--workspace own|demo]
       DATABASE_URL=... ap-intake verify-audit

Checks the operation log: each operation's hash, its content against its commitment, and the chain of every device.
An edit, a deletion, an insertion or a new order of any row is found and named. The exit code is 1 where something is wrong.

At a site (DATABASE_URL) every site of the database is checked, with its chain of operations and that of its security events.

  FILE         a database by itself, such as a copy in "backups"
  --data DIR   data folder (default: the user's own)

Examples:
  ap-intake verify-audit --data /srv/station
  ap-intake verify-audit /srv/station/own/backups/station-20260501T060000Z.db
`;

function tell(report: AuditReport, around: Surroundings): void {
  for (const { op, devSeq, what } of report.problems) around.out(`problem\t${op}\t${devSeq}\t${what}\n`);
  const gone = report.gone === 0 ? '' : `, ${report.gone} at the site alone`;
  const known = report.known === 0 ? '' : ` besides ${report.known} of a salvage`;
  around.out(
    `${report.ops} operations of ${report.devices} devices, ${report.erased} with erased content${gone}, ${report.problems.length} problems${known}\n`,
  );
}

/** Every site of the database: what was done to its invoices, and who signed in and changed whom. */
async function auditSites({ database, access }: SiteDatabase, around: Surroundings): Promise<number> {
  const { verifyEvents } = await import('../access/audit.ts');
  let problems = 0;
  for (const site of await database.sites()) {
    around.out(`site ${site}\n`);
    const { store } = await database.site(site);
    const report = await store.verifyAudit();
    tell(report, around);
    const events = await verifyEvents(access, site);
    for (const { devSeq, what } of events.problems) around.out(`problem\tevent ${devSeq}\t${what}\n`);
    around.out(`${events.events} security events, ${events.problems.length} problems\n`);
    problems += report.problems.length + events.problems.length;
  }
  return problems === 0 ? 0 : 1;
}

export const verifyAuditCommand: Command = {
  summary: 'check the operation log for any change after the fact',
  help: HELP,
  async run(args, around) {
    const { values, positionals } = parse(args, { data: { type: 'string' }, workspace: { type: 'string' } });
    const isElsewhere = positionals.length > 0 || values.data !== undefined || values.workspace !== undefined;
    const atSite = isElsewhere ? undefined : await withSiteDatabase(around, (database) => auditSites(database, around));
    if (atSite !== undefined) return atSite.result;
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
    tell(report, around);
    return report.problems.length === 0 ? 0 : 1;
  },
};
