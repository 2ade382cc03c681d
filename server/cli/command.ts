/** What every command of the command line is made of. */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly out: (text: string) => void;
  /** Progress and complaints: stdout is for results. */
  readonly say: (line: string) => void;
  /** Aborted by Ctrl+C. */
  readonly signal: AbortSignal;
}

export interface Command {
  readonly summary: string;
  readonly help: string;
  /** The exit code. */
  run(args: readonly string[], around: Surroundings): Promise<number>;
}

/** Wrong arguments: the message and where help is, exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

export function parse<T extends ParseArgsOptionsConfig>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

export function countOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 64)
    throw new UsageError(`--${name} must be a number from 1 to 64.`);
  return value;
}

export function choice<const T extends string>(
  name: string,
  text: string | undefined,
  known: readonly T[],
  standard: T,
): T {
  if (text === undefined) return standard;
  const found = known.find((one) => one === text);
  if (found === undefined) throw new UsageError(`--${name} must be one of ${known.join(', ')}.`);
  return found;
}

/** Where the system wants a program's data (the same as the launcher's and the window's). */
export function dataFolder(around: Pick<Surroundings, 'env' | 'cwd'>, given: string | undefined): string {
  const { env, cwd } = around;
  const named = given ?? (env['AP_DATA'] || undefined);
  if (named !== undefined) return resolve(cwd, named);
  const name = 'AP Intake Station';
  if (process.platform === 'win32') return join(env['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local'), name);
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', name);
  return join(env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), name);
}
