/** The image by itself: what it is, what is in it, and that it reads documents and becomes healthy with nothing to write to. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { authorities, build } from './bases.ts';
import type { Engine } from './engine.ts';
import { manifest, ROOT } from './paths.ts';
import { assert, type Report } from './report.ts';
import type { Shell } from './shell.ts';

export const IMAGE = `ap-intake/api:${manifest.version}`;
/** As the compose file runs it. */
export const CLOSED = [
  '--read-only',
  '--cap-drop',
  'ALL',
  '--security-opt',
  'no-new-privileges:true',
  '--init',
  '--tmpfs',
  '/tmp:size=160m,mode=1777',
];
const MB = 1_000_000;
const HEALTHY_S = 60;

interface Surroundings {
  readonly shell: Shell;
  readonly engine: Engine;
  readonly report: Report;
  readonly work: string;
}

/** By the Dockerfile as it is; what a closed machine needs for npm comes in as a secret. */
export async function buildImage({ shell, engine, work }: Surroundings): Promise<void> {
  const npmrc = join(work, 'npmrc');
  const registry = (await shell.run('npm', ['config', 'get', 'registry'])).out.trim();
  cpSync(authorities(), join(work, 'authorities.crt'));
  writeFileSync(npmrc, `registry=${registry}\ncafile=/etc/ssl/certs/ca-certificates.crt\n`, { mode: 0o600 });
  const revision =
    (await shell.run('git', ['rev-parse', 'HEAD'], { cwd: ROOT, anyCode: true })).out.trim() || 'unknown';
  const args = ['--build-arg', `VERSION=${manifest.version}`, '--build-arg', `REVISION=${revision}`];
  const file = ['--file', join(ROOT, 'build', 'site', 'Dockerfile.prod'), '--secret', `id=npmrc,src=${npmrc}`];
  await build(engine, ROOT, IMAGE, [...file, ...args]);
}

export async function checkImage(around: Surroundings): Promise<void> {
  const { report } = around;
  await report.check('image: user, health check, entry point, labels', () => configuration(around));
  await report.check('image: no developer packages, no sources, no keys', () => contents(around));
  await report.check('image: runs with a read-only root, no rights, no network', () => version(around));
  await report.check('image: reads a text PDF, a scan and a photo', () => reading(around));
  await report.check('image: serves with SQLite, is healthy, ends when asked', () => serving(around));
}

interface Inspected {
  readonly Size: number;
  readonly Config: {
    readonly User: string;
    readonly Healthcheck?: { readonly Test: readonly string[] };
    readonly Entrypoint: readonly string[];
    readonly Env: readonly string[];
    readonly Labels: Readonly<Record<string, string>>;
  };
}

async function configuration({ engine, report }: Surroundings): Promise<string> {
  const { out } = await engine.docker(['image', 'inspect', IMAGE]);
  const [image] = JSON.parse(out) as Inspected[];
  assert(image, 'no such image');
  report.figures.atMost('image.size-mb', image.Size / MB, 400);
  const { User, Healthcheck, Entrypoint, Env, Labels } = image.Config;
  assert(User === 'node', `user is ${User}`);
  assert(Healthcheck?.Test.includes('/app/healthcheck.mjs'), 'no health check');
  assert(Entrypoint.join(' ') === 'ap-intake', `entry point is ${Entrypoint.join(' ')}`);
  assert(!Env.some((line) => /PASSWORD|SECRET|TOKEN|_KEY/.test(line)), 'a secret in the environment');
  assert(Labels['org.opencontainers.image.version'] === manifest.version, 'label of the version');
  const history = (await engine.docker(['history', '--no-trunc', IMAGE])).out;
  assert(!/cafile|npmrc=|registry=/.test(history), 'what was handed over for building stands in the history');
  return `${Math.round(image.Size / MB)} MB`;
}

async function contents({ engine, shell, work }: Surroundings): Promise<string> {
  const container = (await engine.docker(['create', '--network', 'none', IMAGE])).out.trim();
  const archive = join(work, 'image.tar');
  try {
    await engine.docker(['export', '--output', archive, container]);
  } finally {
    await engine.docker(['rm', container], { always: true });
  }
  const files = (await shell.run('tar', ['--list', '--file', archive])).out.split('\n');
  await shell.run('rm', [archive]);
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  const present = new Set(files.map((file) => file.replace(/\/$/, '')));
  const developer = Object.entries(lock.packages).filter(
    ([path, entry]) => path !== '' && (entry.dev || entry.devOptional) && present.has(`app/${path}`),
  );
  assert(developer.length === 0, `for developers: ${developer.map(([path]) => path).join(', ')}`);
  const wrong = files.filter(
    (file) =>
      /(?:^|\/)(?:\.env|\.git|\.npmrc|electron)(?:\/|$)/.test(file) ||
      (file.startsWith('app/') && /\.(?:pem|key|p12|tsx?|map)$/.test(file) && !/^app\/out\/.*\.js\.map$/.test(file)) ||
      /^usr\/local\/(?:bin|lib\/node_modules)\/(?:npm|npx|corepack|yarn)/.test(file),
  );
  assert(wrong.length === 0, `not meant to be there: ${wrong.slice(0, 5).join(', ')}`);
  for (const needed of [
    'app/out/renderer/index.html',
    'app/out/main/worker/index.js',
    'app/THIRD_PARTY_NOTICES.md',
    'app/LICENSE',
  ])
    assert(present.has(needed), `${needed} is missing`);
  return `${files.length} files`;
}

async function version({ engine }: Surroundings): Promise<string> {
  const { out } = await engine.docker(['run', '--rm', ...CLOSED, '--network', 'none', IMAGE, '--version']);
  assert(out.trim() === manifest.version, `says ${out}`);
  return out.trim();
}

const SAMPLES = ['01-nordlicht-papier.pdf', '02-steinberg-scan.pdf', '16-liscarroll-photo.jpg'];

async function reading({ engine, work }: Surroundings): Promise<string> {
  const folder = join(work, 'samples');
  mkdirSync(folder, { recursive: true });
  for (const name of SAMPLES) cpSync(join(ROOT, 'resources', 'samples', name), join(folder, name));
  const run = [
    'run',
    '--rm',
    ...CLOSED,
    '--network',
    'none',
    '--memory',
    '704m',
    '--volume',
    `${folder}:/in:ro`,
    '--env',
    'AP_THREADS=1',
  ];
  const { out } = await engine.docker([...run, IMAGE, 'extract', '/in', '--jsonl', '-', '--parallel', '1'], {
    timeoutMs: 300_000,
  });
  const results = out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { file: string; source: string; vendorName?: string; grossTotal?: number });
  assert(results.length === SAMPLES.length, `${results.length} results: ${out.slice(0, 400)}`);
  for (const { file, vendorName, grossTotal } of results)
    assert(vendorName !== undefined && grossTotal !== undefined, `${file} was not read: ${out.slice(0, 1_000)}`);
  return results.map(({ file, source }) => `${file} (${source})`).join(', ');
}

async function serving({ engine, report }: Surroundings): Promise<string> {
  const place = ['--tmpfs', '/data:size=200m,uid=1000,gid=1000,mode=0700'];
  const container = (
    await engine.docker([
      'run',
      '--detach',
      ...CLOSED,
      ...place,
      '--network',
      'none',
      '--memory',
      '704m',
      '--health-interval',
      '1s',
      IMAGE,
    ])
  ).out.trim();
  const from = Date.now();
  try {
    for (;;) {
      const { out } = await engine.docker([
        'inspect',
        '--format',
        '{{.State.Status}} {{.State.Health.Status}}',
        container,
      ]);
      if (out.trim() === 'running healthy') break;
      const log = async (): Promise<string> => (await engine.docker(['logs', container])).all.slice(-1_000);
      assert(out.startsWith('running'), `it ended: ${await log()}`);
      assert(Date.now() - from < HEALTHY_S * 1_000, `not healthy after ${HEALTHY_S} s: ${await log()}`);
      await sleep(200);
    }
    report.figures.atMost('image.healthy-s', (Date.now() - from) / 1000, HEALTHY_S);
    const { out: identity } = await engine.docker(['exec', container, 'id', '-u']);
    assert(identity.trim() === '1000', `runs as ${identity}`);
    const write = await engine.docker(['exec', container, 'sh', '-c', 'echo x >/app/x || echo x >/usr/local/x'], {
      anyCode: true,
    });
    assert(write.code !== 0, 'the root can be written to');
    const stopping = Date.now();
    await engine.docker(['stop', '--time', '30', container]);
    const code = (await engine.docker(['inspect', '--format', '{{.State.ExitCode}}', container])).out.trim();
    assert(code === '0', `ended with ${code}`);
    report.figures.atMost('image.stop-s', (Date.now() - stopping) / 1000, 15);
    return 'healthy, user 1000';
  } finally {
    await engine.docker(['rm', '--force', '--volumes', container], { always: true, anyCode: true });
  }
}
