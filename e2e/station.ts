/** A real station for a test: the built server under Node on loopback, with a data folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const ROOT = join(import.meta.dirname, '..');
/** What was built; another folder where two builds are compared. */
export const OUT = process.env['AP_OUT'] ?? join(ROOT, 'out');
export const SAMPLES = join(ROOT, 'resources', 'samples');

export interface StationOptions {
  readonly workspace?: 'demo' | 'own';
  readonly imports?: readonly string[];
  readonly data?: string;
}

export interface E2eStation {
  /** With the token in its fragment, as `npm start` prints it. */
  readonly url: string;
  readonly origin: string;
  readonly token: string;
  readonly data: string;
  readonly process: ChildProcess;
  /** What it wrote on stderr. */
  readonly errors: () => string;
  stop(): Promise<void>;
}

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'ap e2e '));

export async function startStation(options: StationOptions = {}): Promise<E2eStation> {
  const data = options.data ?? temporaryFolder();
  const token = randomBytes(32).toString('base64url');
  const child = spawn(process.execPath, ['--enable-source-maps', join(OUT, 'main', 'server', 'start.js')], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...process.env,
      AP_DATA: data,
      AP_WORKSPACE: options.workspace ?? 'own',
      AP_PORT: '0',
      AP_TOKEN: token,
      AP_UI: join(OUT, 'renderer'),
      AP_WORKER_FILE: join(OUT, 'main', 'worker', 'index.js'),
      AP_IMPORT: JSON.stringify(options.imports ?? []),
    },
  });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += String(chunk)));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (line.startsWith('AP_READY ')) resolve((JSON.parse(line.slice(9)) as { port: number }).port);
    });
    void exited.then(() => reject(new Error(`The server ended before it was ready.\n${errors}`)));
  });
  const origin = `http://127.0.0.1:${port}`;
  return {
    url: `${origin}/#token=${token}`,
    origin,
    token,
    data,
    process: child,
    errors: () => errors,
    async stop() {
      child.kill('SIGTERM');
      await exited;
      if (options.data === undefined) rmSync(data, { recursive: true, force: true });
    },
  };
}
