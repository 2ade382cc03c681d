/** `verify-audit` as a user runs it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

export async function runAudit(data: string): Promise<{ ok: boolean; text: string }> {
  const cli = join(import.meta.dirname, '..', 'server', 'cli.ts');
  const child = spawn(process.execPath, [cli, 'verify-audit', '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { ok: code === 0, text };
}
