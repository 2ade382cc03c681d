/** What holds of the site as compose brings it up. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from './engine.ts';
import { ROOT } from './paths.ts';
import { assert, type Report } from './report.ts';
import { type Container, HOST, serviceOf, type Stack } from './stack.ts';

const STORES = ['postgres', 'pgbouncer', 'redis', 's3'];
const REPLICAS = {
  api: 3,
  worker: 4,
  'validation-worker': 2,
  nginx: 1,
  postgres: 1,
  pgbouncer: 1,
  redis: 1,
  s3: 1,
} as const;
const MINUTES = 60_000;
const SAMPLE = join(ROOT, 'resources', 'samples', '01-nordlicht-papier.pdf');

interface Surroundings {
  readonly engine: Engine;
  readonly stack: Stack;
  readonly report: Report;
}

export async function checkStack(around: Surroundings): Promise<void> {
  const { report } = around;
  await report.check('compose: refuses to start without settings', () => needsSettings(around));
  const up = await report.step('Bringing up the stores', () =>
    report.check('stores: Postgres, pgbouncer, Redis and S3 are healthy', () => storesUp(around)),
  );
  if (up) {
    await report.check('Postgres: the serving role comes in by pgbouncer alone and owns nothing', () =>
      database(around),
    );
    await report.check('Redis: no entry without the password, nothing dangerous with it', () => redis(around));
    await report.check('S3: the bucket is made with the right key alone, and the store does what is needed', () =>
      s3(around),
    );
  }
  await wholeSite(around);
  await report.check('every container: not root, read-only, no rights, a limit', () => closedIn(around));
  await report.check('networks: the back end is internal', () => networks(around));
  await report.check('down: nothing is left', () => down(around));
}

async function needsSettings({ engine, stack }: Surroundings): Promise<string> {
  const { code, all } = await engine.docker(['compose', 'config', '--quiet'], { cwd: stack.folder, anyCode: true });
  assert(code !== 0 && all.includes('PUBLIC_URL'), `exit code ${code}: ${all}`);
  await stack.compose(['config', '--quiet']);
  return all.trim().split('\n').at(-1)!.slice(0, 120);
}

async function storesUp({ stack, report }: Surroundings): Promise<string> {
  const from = Date.now();
  const { code, all } = await stack.compose(['up', '--detach', '--no-build', '--wait', ...STORES], {
    anyCode: true,
    timeoutMs: 5 * MINUTES,
  });
  if (code !== 0) {
    const logs = await stack.compose(['logs', '--tail', '15', ...STORES], { anyCode: true });
    throw new Error(`${all.slice(-1_500)}\n${logs.all.slice(-4_000)}`);
  }
  report.figures.atMost('stack.stores-up-s', (Date.now() - from) / 1000, 120);
  return STORES.join(', ');
}

async function database({ stack }: Surroundings): Promise<string> {
  const ask = (sql: string, user = 'app_server', host = 'pgbouncer', password = stack.secret('db_app_password')) => {
    const port = host === 'pgbouncer' ? '6432' : '5432';
    const command = [
      'exec',
      '-T',
      '-e',
      `PGPASSWORD=${password}`,
      'pgbouncer',
      'psql',
      '-w',
      '-tAX',
      '-h',
      host,
      '-p',
      port,
      '-U',
      user,
      '-d',
      'ap_intake',
      '-c',
      sql,
    ];
    return stack.compose(command, { anyCode: true });
  };
  const who = await ask(
    "select current_user, rolsuper, rolbypassrls, current_setting('statement_timeout') from pg_roles where rolname = current_user",
  );
  assert(who.out.trim() === 'app_server|f|f|30s', `it is ${who.all}`);
  assert((await ask('create table public.mine (a int)')).code !== 0, 'it may make tables');
  assert((await ask('select 1', 'app_server', 'pgbouncer', 'wrong')).code !== 0, 'a wrong password is taken');
  assert(
    (await ask('select 1', 'postgres', 'pgbouncer', stack.secret('postgres_password'))).code !== 0,
    'the superuser comes in by pgbouncer',
  );
  const owner = await ask(
    'create table public.mine (a int); drop table public.mine; select 1',
    'app_owner',
    'postgres',
    stack.secret('db_owner_password'),
  );
  assert(owner.code === 0, `the owner may not make tables: ${owner.all}`);
  return 'app_server';
}

async function redis({ stack }: Surroundings): Promise<string> {
  const refused = await stack.inside('redis', ['redis-cli', 'ping'], { anyCode: true });
  assert(/NOAUTH/.test(refused.all), `without a password: ${refused.all}`);
  const as = (...command: string[]) =>
    stack.compose(
      ['exec', '-T', '-e', `REDISCLI_AUTH=${stack.secret('redis_password')}`, 'redis', 'redis-cli', ...command],
      { anyCode: true },
    );
  assert((await as('ping')).out.trim() === 'PONG', 'the password is not taken');
  assert(/NOPERM/.test((await as('flushall')).all), 'FLUSHALL is allowed');
  const policy = (await as('config', 'get', 'maxmemory-policy')).out;
  assert(policy.includes('noeviction'), policy);
  return 'PONG';
}

/** By the program itself, from its own image: as compose runs it, twice, then as a test of the store, then with a wrong key. */
async function s3({ stack }: Surroundings): Promise<string> {
  const run = (...more: string[]) =>
    stack.compose(['run', '--rm', '--no-deps', ...more], { anyCode: true, timeoutMs: 2 * MINUTES });
  const first = await run('s3-init');
  assert(first.code === 0 && first.out.includes('"ap-intake": made, keeps versions'), first.all.slice(-600));
  const second = await run('s3-init');
  assert(second.code === 0 && second.out.includes('is there'), second.all.slice(-600));
  const conformance = await run('s3-init', 's3-check', '--bucket', 'ap-intake');
  assert(conformance.code === 0, conformance.all.slice(-1_500));
  const wrong = await run('--env', 'S3_SECRET_ACCESS_KEY_FILE=/run/secrets/s3_access_key', 's3-init');
  assert(wrong.code !== 0, 'a wrong key is taken');
  return `bucket made; ${conformance.out.split('\n').filter((line) => line.startsWith('ok')).length} things tried`;
}

async function wholeSite(around: Surroundings): Promise<void> {
  const { report } = around;
  await report.check('site: example values are refused', () => exampleRefused(around));
  const up = await report.step('Bringing up the site', () =>
    report.check('site: every container is healthy', () => siteUp(around)),
  );
  if (!up) return;
  await report.check('site: user interface and /health through nginx, /metrics only inside', () => door(around));
  await report.check('site: the first admin joins, signs in, uploads; a worker reads it', () => visited(around));
  await report.check('site: --scale api=5 answers on all five within 10 s', () => scaled(around));
  await report.check('site: memory of all containers', () => memory(around));
}

async function exampleRefused({ stack }: Surroundings): Promise<string> {
  const { code, all } = await stack.compose(
    ['run', '--rm', '--no-deps', '-e', 'PUBLIC_URL=https://ap-intake.example.com', 'api', 'serve', '--services=api'],
    { anyCode: true, timeoutMs: MINUTES },
  );
  assert(code !== 0 && all.includes('PUBLIC_URL'), `exit code ${code}: ${all.slice(-400)}`);
  return all.trim().split('\n').at(-1)!.slice(0, 120);
}

async function siteUp({ stack, report }: Surroundings): Promise<string> {
  const from = Date.now();
  const { code, all } = await stack.compose(['up', '--detach', '--no-build', '--wait'], {
    anyCode: true,
    timeoutMs: 8 * MINUTES,
  });
  if (code !== 0)
    throw new Error(
      `${all.slice(-1_500)}\n${(await stack.compose(['logs', '--tail', '10'], { anyCode: true })).all.slice(-5_000)}`,
    );
  report.figures.atMost('stack.up-s', (Date.now() - from) / 1000, 300);
  const running = (await stack.containers()).filter((container) => container.State.Health !== undefined);
  for (const [service, wanted] of Object.entries(REPLICAS)) {
    const healthy = running.filter(
      (one) => serviceOf(one) === service && one.State.Health?.Status === 'healthy',
    ).length;
    assert(healthy === wanted, `${service}: ${healthy} of ${wanted} healthy`);
  }
  return `${running.length} containers`;
}

async function door({ stack }: Surroundings): Promise<string> {
  const page = (await stack.curl(['--include', `https://${HOST}/`])).out;
  assert(page.startsWith('HTTP/2 200') && page.includes('id="root"'), page.slice(0, 300));
  assert(/content-security-policy: default-src 'none'; script-src 'self'/.test(page), 'no policy of the page');
  const health = (await stack.curl([`https://${HOST}/health`])).out;
  assert(health.includes('"status":"ok"'), health);
  const status = async (...args: string[]) =>
    (await stack.curl(['--output', '/dev/null', '--write-out', '%{http_code}', ...args])).out;
  assert((await status(`https://${HOST}/metrics`)) === '404', '/metrics can be seen outside');
  assert((await status('http://127.0.0.1:8000/metrics')) === '200', '/metrics cannot be seen inside');
  assert((await status(`https://${HOST}/api/v1/invoices`)) === '401', 'invoices without a token');
  return 'user interface, /health';
}

async function visited({ stack }: Surroundings): Promise<string> {
  const { out } = await stack.inside('api', ['ap-intake', 'invite-admin', 'visitor@site.test', '--name', 'Visitor']);
  const args = [`https://${HOST}`, out.trim(), join(stack.folder, 'nginx', 'ssl', 'cert.pem'), SAMPLE];
  const read = await stack.visit([join(import.meta.dirname, 'visit.ts'), ...args], { timeoutMs: 3 * MINUTES });
  return `invoice ${read.out.trim()}`;
}

/** The replicas that answered since `from`, by nginx's own log. */
async function answered(stack: Stack, since: string): Promise<number> {
  await stack.curl(['--output', '/dev/null', `https://${HOST}/api/v1/status?[1-40]`]);
  const { out } = await stack.compose(['logs', '--no-log-prefix', '--since', since, 'nginx']);
  return new Set([...out.matchAll(/"upstream":"([0-9.]+:8000)"/g)].map((match) => match[1])).size;
}

async function scaled({ stack, report }: Surroundings): Promise<string> {
  await stack.compose(['up', '--detach', '--no-build', '--no-recreate', '--wait', '--scale', 'api=5'], {
    timeoutMs: 4 * MINUTES,
  });
  const from = Date.now();
  const since = new Date(from).toISOString();
  while ((await answered(stack, since)) < 5) {
    assert(Date.now() - from < 30_000, 'not all five answer after 30 s');
    await sleep(500);
  }
  report.figures.atMost('stack.scaled-answers-s', (Date.now() - from) / 1000, 10);
  return 'five replicas';
}

async function memory({ engine, report }: Surroundings): Promise<string> {
  const { out } = await engine.docker(['stats', '--no-stream', '--format', '{{.MemUsage}}']);
  const units: Readonly<Record<string, number>> = { B: 1e-6, KiB: 1 / 1024, MiB: 1, GiB: 1024 };
  const used = out
    .split('\n')
    .map((line) => /^([0-9.]+)([A-Za-z]+) /.exec(line))
    .reduce((sum, match) => sum + (match ? Number(match[1]) * (units[match[2]!] ?? 0) : 0), 0);
  report.figures.atMost('stack.memory-mb', used, 8192 - 1024);
  return `${Math.round(used)} MB`;
}

async function closedIn({ stack }: Surroundings): Promise<string> {
  const all = await stack.containers();
  const running = all.filter((container) => container.State.Status === 'running');
  assert(running.length > 0, 'nothing runs');
  for (const container of all) {
    assert(container.HostConfig.ReadonlyRootfs, `${container.Name}: the root can be written to`);
    assert(container.HostConfig.CapDrop?.includes('ALL'), `${container.Name}: rights are not dropped`);
    assert(container.HostConfig.Memory > 0, `${container.Name}: no limit of memory`);
    assert(
      !container.Config.Env.some((line) => /(?:PASSWORD|SECRET_ACCESS_KEY|TOKEN)=/.test(line)),
      `${container.Name}: a secret in its environment`,
    );
  }
  for (const container of running) notRoot(container);
  return `${running.length} running, ${all.length - running.length} ended`;
}

/** As the kernel sees the container's first process. */
function notRoot({ Name, State }: Container): void {
  const status = readFileSync(`/proc/${State.Pid}/status`, 'utf8');
  const value = (key: string): string => new RegExp(`^${key}:\\s+(.*)$`, 'm').exec(status)?.[1] ?? '';
  assert(!value('Uid').split('\t').includes('0'), `${Name}: runs as root`);
  assert(/^0+$/.test(value('CapEff')) && /^0+$/.test(value('CapBnd')), `${Name}: has rights ${value('CapEff')}`);
  assert(value('NoNewPrivs') === '1', `${Name}: may gain rights`);
}

async function networks({ engine }: Surroundings): Promise<string> {
  const { out } = await engine.docker(['network', 'inspect', 'ap-intake_backend', '--format', '{{.Internal}}']);
  assert(out.trim() === 'true', 'ap-intake_backend is not internal');
  return 'ap-intake_backend';
}

async function down({ engine, stack }: Surroundings): Promise<string> {
  await stack.compose(['down', '--volumes', '--timeout', '20'], { timeoutMs: 3 * MINUTES });
  const left = await Promise.all([
    engine.docker(['ps', '--all', '--quiet']),
    engine.docker(['volume', 'ls', '--quiet', '--filter', 'label=com.docker.compose.project=ap-intake']),
    engine.docker(['network', 'ls', '--quiet', '--filter', 'label=com.docker.compose.project=ap-intake']),
  ]);
  assert(
    left.every(({ out }) => out.trim() === ''),
    left.map(({ out }) => out).join(' '),
  );
  return 'containers, networks, volumes';
}
