/** What the run needs of the machine: root, Debian's packages, and Docker's two plugins (Compose, buildx) out of a newer Debian's packages. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { CommandError, type Shell } from './shell.ts';

const PROGRAMS = [
  'dockerd',
  'containerd',
  'runc',
  'iptables',
  'mmdebstrap',
  'dpkg',
  'ip',
  'unshare',
  'nsenter',
  'setpriv',
  'curl',
  'openssl',
];
export const APT = 'apt-get install -y --no-install-recommends docker.io iptables mmdebstrap iproute2 curl openssl';

/** One sentence where the run cannot even begin. */
export function whyNot(): string | undefined {
  if (process.platform !== 'linux') return 'the images are built and run on Linux';
  if (process.getuid?.() !== 0) return 'root is needed: an engine of its own is started, in a network namespace';
  const path = (process.env['PATH'] ?? '').split(delimiter);
  const missing = PROGRAMS.filter(
    (name) => ![...path, '/usr/sbin', '/sbin'].some((folder) => existsSync(join(folder, name))),
  );
  if (missing.length > 0) return `missing: ${missing.join(', ')} (${APT})`;
  return undefined;
}

const PLUGINS = { 'docker-compose': 'docker-compose', 'docker-buildx': 'docker-buildx' } as const;
/** Bookworm has no Compose v2; these binaries of its successor run on it. */
const NEWER = 'trixie';

/** A folder for DOCKER_CONFIG with both plugins in it. Loaded once, kept in `cache`. */
export async function dockerPlugins(shell: Shell, cache: string): Promise<string> {
  const config = join(cache, 'docker-config');
  const plugins = join(config, 'cli-plugins');
  if (Object.values(PLUGINS).every((file) => existsSync(join(plugins, file)))) return config;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'apt-'));
  try {
    for (const name of ['lists/partial', 'archives/partial', 'debs', 'files'])
      mkdirSync(join(folder, name), { recursive: true });
    const key = '/usr/share/keyrings/debian-archive-keyring.gpg';
    writeFileSync(join(folder, 'sources.list'), `deb [signed-by=${key}] ${await mirror(shell)} ${NEWER} main\n`);
    const apt = Object.entries({
      'Dir::Etc::sourcelist': `${folder}/sources.list`,
      'Dir::Etc::sourceparts': '-',
      'Dir::Etc::Preferences': '/dev/null',
      'Dir::State::lists': `${folder}/lists`,
      'Dir::State::status': '/dev/null',
      'Dir::Cache::archives': `${folder}/archives`,
      'Dir::Cache::pkgcache': '',
      'Dir::Cache::srcpkgcache': '',
      'APT::Sandbox::User': 'root',
    }).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    await shell.run('apt-get', [...apt, '-qq', 'update']);
    await shell.run('apt-get', [...apt, '-qq', 'download', ...Object.keys(PLUGINS)], { cwd: join(folder, 'debs') });
    mkdirSync(plugins, { recursive: true });
    for (const deb of readdirSync(join(folder, 'debs')))
      await shell.run('dpkg', ['-x', join(folder, 'debs', deb), join(folder, 'files')]);
    for (const file of Object.values(PLUGINS)) {
      copyFileSync(join(folder, 'files', 'usr', 'libexec', 'docker', 'cli-plugins', file), join(plugins, file));
      chmodSync(join(plugins, file), 0o755);
    }
    return config;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Source {
  readonly uri: string;
  readonly release: string;
}

/** Where this machine gets its packages: the same mirrors serve everything that is made here. */
export async function aptSources(shell: Shell): Promise<readonly Source[]> {
  const format = '$(CREATED_BY)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)';
  const { out } = await shell.run('apt-get', ['indextargets', '--format', format]);
  const sources = out
    .split('\n')
    .map((line) => line.split('|'))
    .filter(
      ([kind, , release, component]) => kind === 'Packages' && component === 'main' && release?.startsWith('bookworm'),
    )
    .map(([, uri = '', release = '']) => ({ uri, release }));
  if (!sources.some(({ release }) => release === 'bookworm'))
    throw new CommandError('This machine has no packages of Debian 12: apt-get update');
  return sources;
}

const mirror = async (shell: Shell): Promise<string> =>
  (await aptSources(shell)).find(({ release }) => release === 'bookworm')!.uri;
