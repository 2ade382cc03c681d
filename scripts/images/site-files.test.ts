/** What can be said of the site's files without a container engine. `npm run test:images` builds and runs them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { NODE_VERSION, ROOT, SITE } from './paths.ts';

const text = (...path: string[]): string => readFileSync(join(SITE, ...path), 'utf8');
const lines = (content: string): string[] => content.split('\n');

interface Service {
  readonly image: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly privileged?: boolean;
  readonly container_name?: string;
  readonly security_opt?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly networks?: readonly string[];
  readonly network_mode?: string;
  readonly ports?: readonly string[];
  readonly secrets?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly restart?: string;
  readonly volumes?: readonly string[];
  readonly build?: unknown;
  readonly deploy?: {
    readonly replicas?: number;
    readonly resources?: {
      readonly limits?: { readonly cpus?: string; readonly memory?: string; readonly pids?: number };
    };
  };
}
interface Compose {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file?: string }>>;
}

const compose = parse(text('docker-compose.yml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const ONE_SHOT = ['migrate', 's3-init', 's3-volume'];
/** `NAME=value` of an env file. */
const settings = (file: string): Map<string, string> =>
  new Map([...text(file).matchAll(/^([A-Z0-9_]+)=(.*)$/gm)].map((match) => [match[1]!, match[2]!]));

describe('docker-compose.yml', () => {
  test('has the services, replicas and network names of the operator guide', () => {
    expect(Object.keys(compose.services)).toEqual(
      expect.arrayContaining([
        'nginx',
        'api',
        'worker',
        'validation-worker',
        'migrate',
        'postgres',
        'pgbouncer',
        'redis',
        's3',
      ]),
    );
    const replicas = (name: string) => compose.services[name]?.deploy?.replicas;
    expect([replicas('api'), replicas('worker'), replicas('validation-worker')]).toEqual([3, 4, 2]);
    expect(compose.name).toBe('ap-intake');
    expect(compose.networks['backend']?.internal).toBe(true);
  });

  test.each(services)('%s is closed in: no rights, nothing to write to, limits', (_name, service) => {
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.cap_add).toBeUndefined();
    expect(service.privileged).toBeUndefined();
    expect(service.security_opt).toContain('no-new-privileges:true');
    // Scaling needs names that Docker makes.
    expect(service.container_name).toBeUndefined();
    const limits = service.deploy?.resources?.limits;
    expect(limits?.memory).toMatch(/^\d+M$/);
    expect(Number(limits?.cpus)).toBeGreaterThan(0);
    expect(limits?.pids).toBeGreaterThan(0);
    // Our image names its user itself; the others' is named here, and is never root.
    expect(service.user ?? 'none').toMatch(service.image.startsWith('ap-intake/') ? /^none$/ : /^[1-9]\d*:[1-9]\d*$/);
  });

  test.each(services.filter(([name]) => !ONE_SHOT.includes(name)))(
    '%s says when it is healthy, and comes back',
    (_name, service) => {
      expect(service.healthcheck?.test?.length).toBeGreaterThan(1);
      expect(service.restart).toBe('unless-stopped');
    },
  );

  test.each(ONE_SHOT)('%s runs once and ends', (name) => {
    expect(compose.services[name]?.healthcheck).toEqual({ disable: true });
    expect(compose.services[name]?.restart).toMatch(/^(?:no|on-failure:\d)$/);
  });

  test('waits for what it needs, by condition, and names nothing that is not there', () => {
    for (const [name, service] of services) {
      for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
        expect(compose.services, `${name} -> ${other}`).toHaveProperty([other]);
        expect(condition).toBe(ONE_SHOT.includes(other) ? 'service_completed_successfully' : 'service_healthy');
      }
      for (const network of service.networks ?? []) expect(compose.networks).toHaveProperty([network]);
      for (const secret of service.secrets ?? []) expect(compose.secrets).toHaveProperty([secret]);
      const sources = (service.volumes ?? []).map((volume) => volume.split(':')[0]!);
      const isThere = (source: string) =>
        source.startsWith('.') ? existsSync(join(SITE, source)) : source in compose.volumes;
      expect(sources.filter((source) => !isThere(source))).toEqual([]);
    }
  });

  test('only nginx has ports, the inner ones on this machine alone; the stores hang on the internal network and no other', () => {
    const open = services.filter(([, service]) => service.ports !== undefined).map(([name]) => name);
    expect(open).toEqual(['nginx']);
    const inner = compose.services['nginx']?.ports?.filter((port) => !/:80(80|443)$|:8443$/.test(port)) ?? [];
    expect(inner).toEqual(['127.0.0.1:8000:8000', '127.0.0.1:5555:5555']);
    for (const name of ['postgres', 'pgbouncer', 'redis', 's3', 'migrate', 'validation-worker'])
      expect(compose.services[name]?.networks).toEqual(['backend']);
    expect(compose.services['nginx']?.networks).toEqual(['edge']);
  });

  test('fits a machine of 8 GB, with room for the system and monitoring', () => {
    const megabytes = services
      .filter(([name]) => !ONE_SHOT.includes(name))
      .reduce(
        (sum, [, { deploy }]) =>
          sum + Number.parseInt(deploy?.resources?.limits?.memory ?? '', 10) * (deploy?.replicas ?? 1),
        0,
      );
    expect(megabytes).toBeLessThanOrEqual(8192 - 1024);
  });

  test('secrets are files, never values', () => {
    for (const secret of Object.values(compose.secrets)) expect(secret.file).toMatch(/^\.\/(?:secrets|nginx\/ssl)\//);
    const given = services.flatMap(([, service]) => Object.entries(service.environment ?? {}));
    const open = given.filter(
      ([name, value]) => /PASSWORD|SECRET|_KEY|TOKEN/.test(name) && !value.startsWith('/run/secrets/'),
    );
    expect(open).toEqual([]);
    // An address with a password in it would be seen by `docker inspect`.
    expect(text('docker-compose.yml')).not.toMatch(/:\/\/[^/\s]*:[^/\s]*@/);
  });

  test('every variable has its line in .env.example, with the same default, and the other way round', () => {
    const used = new Map(
      [...text('docker-compose.yml').matchAll(/\$\{([A-Z0-9_]+)(?::[-?]((?:[^{}]|\{[^}]*\})*))?\}/g)].map((match) => [
        match[1]!,
        match[0].includes(':?') ? undefined : (match[2] ?? ''),
      ]),
    );
    const example = settings('.env.example');
    expect([...example.keys()].toSorted()).toEqual([...used.keys()].toSorted());
    const standards = [...used].filter(([, standard]) => standard !== undefined);
    expect(standards.filter(([name, standard]) => example.get(name) !== standard)).toEqual([]);
  });

  test('images have a version in their names', () => {
    for (const [name, { image }] of services) {
      const standard = image.replace(/^\$\{[A-Z_0-9]+:-(.*)\}$/, '$1');
      expect(standard, name).toMatch(/:[^:]*\d/);
      expect(standard, name).not.toMatch(/:latest$/);
    }
  });
});

describe('Dockerfile.prod', () => {
  const dockerfile = text('Dockerfile.prod');
  const stages = dockerfile.split(/^FROM /m).slice(1);
  const last = stages.at(-1)!;

  test('ends as a user without rights, with a health check, on the Node of the project', () => {
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/^HEALTHCHECK .*CMD \["node", "\/app\/healthcheck\.mjs"\]$/m);
    expect(last).toMatch(/^ENTRYPOINT \["ap-intake"\]$/m);
    expect(dockerfile).toContain(`ARG NODE_IMAGE=docker.io/library/node:${NODE_VERSION}-`);
    expect(stages.length).toBeGreaterThan(2);
  });

  test('installs by the lock file, and takes production packages alone into the last stage', () => {
    expect(dockerfile.match(/npm (?:ci|install)\b[^\n]*/g)).toEqual([
      'npm ci --omit=dev --no-audit --no-fund --loglevel=error',
      'npm ci --include=dev --no-audit --no-fund --loglevel=error',
    ]);
    expect(last).toMatch(/^COPY --from=packages \/app\/node_modules /m);
    expect(last).not.toMatch(/^(?:RUN.*\b(?:npm|apt|apt-get)\b|ADD )/m);
    expect(last.match(/^LABEL org\.opencontainers\.image\./m)).not.toBeNull();
  });

  test('no secret in an argument or a variable', () => {
    const names = [...dockerfile.matchAll(/^(?:ARG|ENV) ([A-Z_]+)/gm)].map((match) => match[1]);
    expect(names.filter((name) => /PASSWORD|SECRET|TOKEN|KEY/.test(name!))).toEqual([]);
  });

  test('.dockerignore begins with everything, and every source it lets in exists', () => {
    const rules = lines(readFileSync(join(ROOT, '.dockerignore'), 'utf8')).filter(
      (line) => line !== '' && !line.startsWith('#'),
    );
    expect(rules[0]).toBe('*');
    for (const rule of rules.filter((line) => line.startsWith('!')))
      expect(existsSync(join(ROOT, rule.slice(1))), rule).toBe(true);
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) => match[1]!.split(' '));
    const allowed = rules.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    for (const path of copied.filter((one) => one !== '.'))
      expect(
        allowed.some((rule) => path === rule || path.startsWith(`${rule}/`)),
        path,
      ).toBe(true);
  });
});

describe('nginx', () => {
  const conf = text('nginx', 'nginx.conf');
  const snippets = readdirSync(join(SITE, 'nginx', 'snippets'));
  const all = [conf, ...snippets.map((name) => text('nginx', 'snippets', name))].join('\n');

  test('the security headers stand where the operator guide looks for them, once, for every answer', () => {
    const from = lines(conf).findIndex((line) => line.includes('Security headers'));
    const block = lines(conf)
      .slice(from, from + 11)
      .join('\n');
    for (const header of [
      'Strict-Transport-Security',
      'Content-Security-Policy',
      'X-Content-Type-Options',
      'X-Frame-Options',
    ])
      expect(block).toContain(`add_header ${header} `);
    // One `add_header` in a server or a location would take all of them away there.
    const indented = lines(all).filter((line) => /^\s*add_header /.test(line));
    expect(indented.every((line) => line.startsWith('    add_header') && line.endsWith(' always;'))).toBe(true);
    expect(conf.match(/add_header/g)?.length).toBe(all.match(/add_header/g)!.length);
  });

  test('every snippet is used, and every one used is there', () => {
    const included = [...all.matchAll(/include snippets\/(\S+);/g)].map((match) => match[1]!);
    expect([...new Set(included)].toSorted()).toEqual(snippets.toSorted());
  });

  test('names of replicas are looked up again: every proxy_pass goes by a variable', () => {
    const targets = [...all.matchAll(/proxy_pass (\S+);/g)].map((match) => match[1]!);
    expect(targets.length).toBeGreaterThan(5);
    for (const target of targets) expect(target).toMatch(/^\$[a-z]+$/);
  });
});

describe('make-secrets.sh', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ap site '));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  test.skipIf(process.platform === 'win32' || spawnSync('openssl', ['version']).status !== 0)(
    'makes every secret of the compose file once, closed to others',
    () => {
      cpSync(SITE, folder, { recursive: true });
      const run = () =>
        execFileSync(join(folder, 'scripts', 'make-secrets.sh'), ['--self-signed', 'ap.test'], { stdio: 'pipe' });
      run();
      const files = Object.values(compose.secrets).map((secret) => join(folder, secret.file!));
      const first = files.map((file) => readFileSync(file, 'utf8'));
      for (const [index, file] of files.entries()) {
        expect(first[index]!.trim().length, file).toBeGreaterThanOrEqual(20);
        expect(statSync(file).mode & 0o777).toBe(0o444);
      }
      expect(new Set(first).size).toBe(first.length);
      expect(statSync(join(folder, 'secrets')).mode & 0o777).toBe(0o700);
      run();
      expect(files.map((file) => readFileSync(file, 'utf8'))).toEqual(first);
    },
  );
});
