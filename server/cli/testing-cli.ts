/** For tests: the command line, with what it wrote and its exit code. */
import { runCli } from '../cli.ts';

export async function told(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number; readonly out: string; readonly said: string }> {
  let out = '';
  let said = '';
  const code = await runCli([...args], {
    env,
    cwd: '/',
    out: (text) => {
      out += text;
    },
    say: (line) => {
      said += line;
    },
    signal: new AbortController().signal,
  });
  return { code, out, said };
}
