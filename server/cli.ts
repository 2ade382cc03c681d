#!/usr/bin/env node
/** The command line: the station without its screen. */
import { VERSION } from './version.ts';
import { type Command, type Surroundings, UsageError } from './cli/command.ts';
import { exportCommand } from './cli/export.ts';
import { extractCommand } from './cli/extract.ts';
import { importCommand } from './cli/import.ts';
import { inviteAdminCommand } from './cli/invite-admin.ts';
import { jobsCommand } from './cli/jobs.ts';
import { migrateCommand } from './cli/migrate.ts';
import { rebuildCommand } from './cli/rebuild.ts';
import { s3CheckCommand } from './cli/s3-check.ts';
import { s3PrepareCommand } from './cli/s3-prepare.ts';
import { salvageCommandLine } from './cli/salvage.ts';
import { serveCommand } from './cli/serve.ts';
import { siteCommand } from './cli/site.ts';
import { vendorsCommand } from './cli/vendors.ts';
import { verifyAuditCommand } from './cli/verify-audit.ts';

const COMMANDS: Readonly<Record<string, Command>> = {
  extract: extractCommand,
  import: importCommand,
  export: exportCommand,
  vendors: vendorsCommand,
  jobs: jobsCommand,
  'verify-audit': verifyAuditCommand,
  salvage: salvageCommandLine,
  rebuild: rebuildCommand,
  migrate: migrateCommand,
  site: siteCommand,
  'invite-admin': inviteAdminCommand,
  's3-check': s3CheckCommand,
  's3-prepare': s3PrepareCommand,
  serve: serveCommand,
};

function overview(): string {
  const rows = Object.entries(COMMANDS).map(([name, command]) => `  ${name.padEnd(14)}${command.summary}`);
  return `AP Intake Station ${VERSION}

Usage: ap-intake COMMAND [options]

${rows.join('\n')}

"ap-intake COMMAND --help" explains a command and shows examples.
`;
}

export async function runCli(args: readonly string[], around: Surroundings): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    around.out(overview());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    around.out(`${VERSION}\n`);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    around.say(`There is no command "${name}".\n\n${overview()}`);
    return 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    around.out(command.help);
    return 0;
  }
  try {
    return await command.run(rest, around);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    around.say(`${error.message}\n"ap-intake ${name} --help" shows how to use it.`);
    return 2;
  }
}

/** Not when a test imports the file. */
if (import.meta.main) {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  const around: Surroundings = {
    env: process.env,
    cwd: process.cwd(),
    out: (text) => void process.stdout.write(text),
    say: (line) => void process.stderr.write(`${line}\n`),
    signal: controller.signal,
  };
  // A reader that closed early (`| head`) is no error of ours.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
  try {
    process.exitCode = await runCli(process.argv.slice(2), around);
  } catch (error) {
    around.say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
