/** The site of docker-compose.yml on an engine of one's own, from a copy of build/site that has its own secrets and settings. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from './engine.ts';
import { SITE } from './paths.ts';
import type { Outcome, RunOptions, Shell } from './shell.ts';

export const HOST = 'ap.test';

export interface Container {
  readonly Id: string;
  readonly Name: string;
  readonly State: {
    readonly Status: string;
    readonly Pid: number;
    readonly ExitCode: number;
    readonly Health?: { readonly Status: string };
  };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly Memory: number;
    readonly CapDrop: readonly string[] | null;
  };
  readonly Config: { readonly Labels: Readonly<Record<string, string>>; readonly Env: readonly string[] };
}

export interface Stack {
  readonly folder: string;
  compose(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** A command in a running service, as the service's user. */
  inside(service: string, command: readonly string[], options?: RunOptions): Promise<Outcome>;
  containers(): Promise<readonly Container[]>;
  /** curl in the engine's network: there the site's ports are. */
  curl(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** A script of ours in the engine's network. */
  visit(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  secret(name: string): string;
}

export const serviceOf = (container: Container): string => container.Config.Labels['com.docker.compose.service'] ?? '';

export async function prepareStack(shell: Shell, engine: Engine, work: string): Promise<Stack> {
  const folder = join(work, 'site');
  mkdirSync(folder, { recursive: true });
  cpSync(SITE, folder, { recursive: true });
  await shell.run(join(folder, 'scripts', 'make-secrets.sh'), ['--self-signed', HOST]);
  const example = readFileSync(join(folder, '.env.example'), 'utf8');
  writeFileSync(join(folder, '.env.production'), example.replace(/^PUBLIC_URL=.*$/m, `PUBLIC_URL=https://${HOST}`));
  const compose: Stack['compose'] = (args, options) =>
    engine.docker(['compose', '--env-file', '.env.production', ...args], { cwd: folder, ...options });
  return {
    folder,
    compose,
    inside: (service, command, options) => compose(['exec', '-T', service, ...command], options),
    async containers() {
      const ids = (await compose(['ps', '--all', '--quiet'])).out.split('\n').filter(Boolean);
      return ids.length === 0 ? [] : (JSON.parse((await engine.docker(['inspect', ...ids])).out) as Container[]);
    },
    curl: (args, options) =>
      shell.run(
        'nsenter',
        [
          `--net=/proc/${engine.pid}/ns/net`,
          'curl',
          '--silent',
          '--max-time',
          '20',
          '--insecure',
          '--resolve',
          `${HOST}:443:127.0.0.1`,
          ...args,
        ],
        options,
      ),
    visit: (args, options) =>
      shell.run('nsenter', [`--net=/proc/${engine.pid}/ns/net`, process.execPath, ...args], options),
    secret: (name) => readFileSync(join(folder, 'secrets', name), 'utf8').trim(),
  };
}
