import { join } from 'node:path';
import { exec } from '../setup/exec.mjs';
import { ROOT } from '../setup/paths.mjs';

/** `--once`: imports, waits for the readings, prints a line an invoice and ends. The command line does it all. */
export async function printOnce(node, env) {
  const files = JSON.parse(env.AP_IMPORT ?? '[]');
  const cli = join(ROOT, 'out', 'main', 'server', 'cli.js');
  const args = [
    '--enable-source-maps',
    cli,
    'import',
    ...files,
    '--data',
    env.AP_DATA,
    '--workspace',
    env.AP_WORKSPACE,
  ];
  const { code } = await exec(node, args, { env: { ...process.env, ...env } });
  return code;
}
