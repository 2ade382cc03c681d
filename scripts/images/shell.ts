/** Runs commands to their end; a stop of the whole run ends what is running. */
import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  /** stdout and stderr as they came, the last of it. */
  readonly all: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly timeoutMs?: number;
  /** A file that becomes its standard input. */
  readonly from?: string;
  readonly input?: string;
  /** Any exit code is an answer. */
  readonly anyCode?: boolean;
  /** Runs although the whole run is being stopped: taking down. */
  readonly always?: boolean;
}

export interface Shell {
  /** Rejects where the exit code is not 0 (or the time is over), with the end of what the command said. */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<Outcome>;
}

/** Lists of files are long. */
const KEPT = 32_000_000;
const KEPT_FOR_MESSAGES = 200_000;
const MINUTE = 60_000;

export class CommandError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CommandError';
  }
}

export function createShell(stop: AbortSignal): Shell {
  return {
    run: (command, args, options = {}) =>
      new Promise((resolve, reject) => {
        const signal = AbortSignal.any([
          AbortSignal.timeout(options.timeoutMs ?? 10 * MINUTE),
          ...(options.always === true ? [] : [stop]),
        ]);
        const env = { ...process.env, ...options.env };
        const stdin = options.from === undefined && options.input === undefined ? 'ignore' : 'pipe';
        const child = spawn(command, args, { cwd: options.cwd, env, stdio: [stdin, 'pipe', 'pipe'], signal });
        let out = '';
        let all = '';
        const hear = (isOut: boolean) => (chunk: Buffer) => {
          if (isOut) out = (out + chunk.toString()).slice(-KEPT);
          all = (all + chunk.toString()).slice(-KEPT_FOR_MESSAGES);
        };
        child.stdout?.on('data', hear(true));
        child.stderr?.on('data', hear(false));
        if (child.stdin !== null) {
          child.stdin.on('error', () => undefined);
          if (options.from === undefined) child.stdin.end(options.input);
          else createReadStream(options.from).pipe(child.stdin);
        }
        const called = `${command} ${args.slice(0, 6).join(' ')}`;
        child.on('error', (error) => {
          if (error.name !== 'AbortError') reject(new CommandError(`${called}: ${error.message}`));
        });
        child.on('close', (code) => {
          if (signal.aborted)
            reject(new CommandError(stop.aborted ? 'stopped' : `${called}: took too long\n${all.slice(-2_000)}`));
          else if (code === 0 || options.anyCode === true) resolve({ code: code ?? 128, out, all });
          else reject(new CommandError(`${called}: exit code ${code}\n${all.slice(-4_000)}`));
        });
      }),
  };
}
