/** For tests and benches: a whole site in this process, on real sockets, and people who sign in to it. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPeople, type TestPeople } from '../access/testing-people.ts';
import { freePort } from '../access/testing-site.ts';
import { readServices, readSiteConfig, type SiteConfig } from './config.ts';
import { type ServingSite, serveSite } from './serve.ts';

export interface SitePlace {
  readonly folder: string;
  readonly origin: string;
  /** For a process of its own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of one process: its services, and what else differs from the others. */
  config(services: string | undefined, more?: Readonly<Record<string, string>>): SiteConfig;
  cleanUp(): void;
}

/** One folder, one key and one public address for all processes of a site. */
export async function sitePlace(environment: Readonly<Record<string, string>> = {}): Promise<SitePlace> {
  const folder = mkdtempSync(join(tmpdir(), 'ap-site-'));
  const port = await freePort();
  const key = join(folder, 'site.key');
  writeFileSync(key, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  const origin = `http://127.0.0.1:${port}`;
  const shared = {
    PUBLIC_URL: origin,
    SITE_KEY_FILE: key,
    AP_HOST: '127.0.0.1',
    AP_DATA: join(folder, 'data'),
    AP_CACHE: join(folder, 'cache'),
    AP_PORT: String(port),
    AP_INTERNAL_PORT: '0',
    AP_BOARD_PORT: '0',
    AP_THREADS: '1',
    AP_LOG_LEVEL: 'info',
    TRUST_PROXY: 'loopback',
  };
  return {
    folder,
    origin,
    environment: { ...shared, ...environment },
    config: (services, more = {}) => readSiteConfig({ ...shared, ...environment, ...more }, readServices(services)),
    cleanUp: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface TestServing extends ServingSite {
  readonly people: TestPeople;
  readonly logged: () => string;
}

export async function startServing(config: SiteConfig): Promise<TestServing> {
  let logged = '';
  const clock = { offsetMs: 0 };
  const serving = await serveSite(config, {
    logTo: { write: (line: string) => void (logged += line) },
    checkReplies: true,
    now: () => Date.now() + clock.offsetMs,
  });
  const people = createPeople({ origin: config.access.origin, users: serving.site.access.users, clock });
  return { ...serving, people, logged: () => logged };
}
