/** For tests of access: its front before the routes of a station, on a real socket; site/testing.ts starts a whole site. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needsSecondFactor } from '../../core/access/roles.ts';
import type { FastifyRequest } from 'fastify';
import { createApp } from '../app.ts';
import { readConfig } from '../config.ts';
import { openStation } from '../station.ts';
import { ask } from '../testing.ts';
import { principalOf } from './guard.ts';
import { createKeys } from './keys.ts';
import { createSiteAccess, type SiteAccessOptions } from './site-access.ts';
import { createSqliteAccessStore } from './store/sqlite.ts';
import { createPeople } from './testing-people.ts';

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export type TestSite = Awaited<ReturnType<typeof startSite>>;

export async function startSite(options: Partial<SiteAccessOptions> & { readonly port?: number } = {}) {
  const port = options.port ?? (await freePort());
  const origin = `http://127.0.0.1:${port}`;
  const folder = mkdtempSync(join(tmpdir(), 'ap-site-'));
  let logged = '';
  const clock = { offsetMs: 0 };
  const now = (): number => Date.now() + clock.offsetMs;
  const logTo = { write: (line: string) => void (logged += line) };
  const station = await openStation(readConfig({ AP_DATA: folder, AP_THREADS: '1' }), { logTo });
  const { log, newId, metrics } = station.context;
  const store = options.store ?? (await createSqliteAccessStore(join(folder, 'access.db')));
  const access = await createSiteAccess({
    store,
    log,
    now,
    newId,
    origin,
    sites: ['main', 'north'],
    keys: [randomBytes(32)],
    ...options,
  });
  const parts = {
    config: { transport: { kind: 'tcp' as const, port }, token: undefined, ui: undefined },
    log,
    metrics,
    checkReplies: true,
    contexts: (request: FastifyRequest) => station.as(principalOf(request).actor),
  };
  const app = await createApp(parts, access.front);
  await app.listen({ host: '127.0.0.1', port });
  await station.start({ watch: false });

  const people = createPeople({ origin, users: access.users, clock });
  return {
    origin,
    port,
    access,
    store,
    clock,
    now,
    ...people,
    /** Every header as given, the host too. */
    ask: (path: string, headers: Readonly<Record<string, string>>) => ask({ port, token: '' }, path, { headers }),
    /** A new key, and enough time for it to sign. */
    async rotateKeys() {
      const keys = createKeys(access.parts);
      await keys.rotate('now');
      clock.offsetMs += 3_600_000;
      await access.refreshKeys();
      clock.offsetMs -= 3_600_000;
    },
    logged: () => logged,
    needsCode: needsSecondFactor,
    async close() {
      station.context.hub.close();
      await app.close();
      await access.close();
      await station.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
