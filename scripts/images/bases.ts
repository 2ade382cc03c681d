/**
 * Base images where no image registry can be reached: Debian by mmdebstrap, Node from npm's package of the binary, under the very names that Dockerfile.prod
 * and the compose file have. Third-party services become images of Debian's packages (stand-ins/), in users, paths and flags like the official ones.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Engine } from './engine.ts';
import { NODE_VERSION, ROOT, SITE } from './paths.ts';
import { CommandError, type Shell } from './shell.ts';
import { aptSources } from './tools.ts';

const MAX_AGE_MS = 24 * 3_600_000;
const argument = (name: string): string => {
  const found = new RegExp(`^ARG ${name}=(\\S+)$`, 'm').exec(readFileSync(join(SITE, 'Dockerfile.prod'), 'utf8'));
  if (!found) throw new CommandError(`Dockerfile.prod has no ${name}.`);
  return found[1]!;
};

/** NAME=value of .env.example: the names of the images that compose asks for. */
export function exampleSettings(): ReadonlyMap<string, string> {
  const text = readFileSync(join(SITE, '.env.example'), 'utf8');
  return new Map([...text.matchAll(/^([A-Z0-9_]+)=(.*)$/gm)].map((match) => [match[1]!, match[2]!]));
}

/** The authorities that this machine trusts: a closed one may have its own in front of npm. */
export const authorities = (): string => process.env['NODE_EXTRA_CA_CERTS'] ?? '/etc/ssl/certs/ca-certificates.crt';

export async function makeBases(
  shell: Shell,
  engine: Engine,
  { work, cache }: { work: string; cache: string },
): Promise<void> {
  const debian = argument('BASE_IMAGE');
  const archive = await debianArchive(shell, cache);
  // The same archive is the same image: what was built on it stays in the cache of builds.
  const made = String(Math.trunc(statSync(archive).mtimeMs));
  const known = await engine.docker(['image', 'inspect', '--format', '{{.Config.Labels.made}}', debian], {
    anyCode: true,
  });
  if (known.out.trim() !== made)
    await engine.docker(['import', '--change', `LABEL made=${made}`, '-', debian], { from: archive });
  const folder = join(work, 'node-image');
  mkdirSync(folder, { recursive: true });
  const pack = `node-linux-${process.arch}`;
  const binary = [process.execPath, join(ROOT, '.cache', 'node', 'node_modules', pack, 'bin', 'node')].find((path) =>
    existsSync(path),
  );
  if (binary === undefined || process.version !== `v${NODE_VERSION}`)
    throw new CommandError('Run it by npm run test:images.');
  cpSync(realpathSync(binary), join(folder, 'node'));
  cpSync(await npmFolder(shell), join(folder, 'npm'), { recursive: true, dereference: true });
  cpSync(authorities(), join(folder, 'authorities.crt'));
  const node = [
    `FROM ${debian}`,
    'COPY node /usr/local/bin/node',
    'COPY npm /usr/local/lib/node_modules/npm',
    'COPY authorities.crt /etc/ssl/certs/ca-certificates.crt',
    'RUN chmod 755 /usr/local/bin/node && ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && npm --version',
  ];
  writeFileSync(join(folder, 'Dockerfile'), `${node.join('\n')}\n`);
  await build(engine, folder, argument('NODE_IMAGE'));
  rmSync(folder, { recursive: true });
}

/** Debian's minimum, a day old at most. */
async function debianArchive(shell: Shell, cache: string): Promise<string> {
  const archive = join(cache, 'bookworm.tar');
  if (existsSync(archive) && Date.now() - statSync(archive).mtimeMs < MAX_AGE_MS) return archive;
  const sources = (await aptSources(shell)).map(({ uri, release }) => `deb ${uri} ${release} main`);
  const slim = ['doc', 'man', 'info', 'locale', 'lintian'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`);
  // As slim as the official one; and what is lost with the machine's power is made again.
  const options = [
    '--variant=minbase',
    '--include=ca-certificates',
    '--quiet',
    '--format=tar',
    '--dpkgopt=force-unsafe-io',
  ];
  await shell.run('mmdebstrap', [...options, ...slim, 'bookworm', `${archive}.new`, ...sources]);
  await shell.run('mv', [`${archive}.new`, archive]);
  return archive;
}

async function npmFolder(shell: Shell): Promise<string> {
  const running = process.env['npm_execpath'];
  if (running !== undefined && /npm-cli\.c?js$/.test(running)) return dirname(dirname(realpathSync(running)));
  return join((await shell.run('npm', ['root', '--global'])).out.trim(), 'npm');
}

const STAND_INS = {
  POSTGRES_IMAGE: 'postgres',
  PGBOUNCER_IMAGE: 'pgbouncer',
  REDIS_IMAGE: 'redis',
  NGINX_IMAGE: 'nginx',
  S3_IMAGE: 's3',
} as const;

/** Gives what each is made of, for the record. */
export async function makeStandIns(engine: Engine): Promise<void> {
  const names = exampleSettings();
  for (const [variable, folder] of Object.entries(STAND_INS))
    await build(engine, join(import.meta.dirname, 'stand-ins', folder), names.get(variable)!, [
      '--build-arg',
      `BASE_IMAGE=${argument('BASE_IMAGE')}`,
    ]);
}

export const build = (engine: Engine, context: string, tag: string, more: readonly string[] = []) =>
  engine.docker(['build', '--network', 'host', '--progress', 'plain', '--tag', tag, ...more, context], {
    timeoutMs: 20 * 60_000,
  });
