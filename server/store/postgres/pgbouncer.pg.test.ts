import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InvoiceQuery } from '../../../core/contract/http.ts';
import { projectionOf } from '../../../core/invoice/summary.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import { newSite, openDatabase, postgres, sharedDatabase } from '../testing-postgres.ts';
import { newId, NOTHING } from '../testing-stores.ts';
import type { PostgresDatabase } from './create.ts';

const BINARY = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find((path) => existsSync(path));
if (BINARY === undefined) process.stderr.write('\nSKIPPED: no pgbouncer here (a package of the system)\n\n');

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** Two connections to the database for everybody: whatever a transaction left behind, another one would find. */
describe.skipIf(postgres.url === undefined || BINARY === undefined)('through pgbouncer in transaction mode', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ap-pgbouncer-'));
  let bouncer: ChildProcess;
  let replicas: PostgresDatabase[];
  const sites = [newSite(), newSite(), newSite()];

  beforeAll(async () => {
    const direct = new URL((await sharedDatabase()).url);
    const port = await freePort();
    const file = join(folder, 'pgbouncer.ini');
    writeFileSync(join(folder, 'users.txt'), `"${direct.username}" ""\n`);
    writeFileSync(
      file,
      `[databases]\n* = host=127.0.0.1 port=${direct.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\n` +
        `auth_type = trust\nauth_file = ${join(folder, 'users.txt')}\npool_mode = transaction\ndefault_pool_size = 2\nmax_client_conn = 100\nlogfile = ${join(folder, 'log')}\n`,
    );
    const isRoot = process.getuid?.() === 0;
    if (isRoot) for (const path of [folder, file, join(folder, 'users.txt')]) chownSync(path, 65_534, 65_534);
    bouncer = spawn(BINARY ?? '', ['-q', file], { stdio: 'ignore', ...(isRoot ? { uid: 65_534, gid: 65_534 } : {}) });
    const through = new URL(direct);
    through.port = String(port);
    const open = async (tries = 50): Promise<PostgresDatabase> => {
      try {
        return await openDatabase(through.href, { poolSize: 8 });
      } catch (error) {
        if (tries === 0) throw error;
        await sleep(100);
        return open(tries - 1);
      }
    };
    replicas = [await open(), await open()];
    for (const site of sites) await replicas[0]?.createSite(site);
  });
  afterAll(async () => {
    await Promise.all((replicas ?? []).map((one) => one.close()));
    bouncer.kill('SIGINT');
    rmSync(folder, { recursive: true, force: true });
  });

  test('sixteen connections of three sites share two, and none sees another’s', async () => {
    const archives = sites.map((_site, at) => createArchive(31 + at));
    const work = Array.from({ length: 90 }, async (_, at) => {
      const replica = replicas[at % 2] as PostgresDatabase;
      const { store, queue } = await replica.site(sites[at % 3] as string);
      const item = archives[at % 3]?.next();
      if (item === undefined) return;
      const root = item.invoice.id;
      const job = { id: newId(), name: 'validate' as const, data: { invoice: root }, root, priority: 1 };
      const projections = [{ expect: 0, projection: projectionOf(item.invoice) }];
      const result = await store.commit({
        ...NOTHING,
        ops: item.ops,
        projections,
        documents: [item.document],
        jobs: [job],
      });
      expect(result.kind).toBe('ok');
      expect((await store.invoice(root))?.id).toBe(root);
      await store.invoices(InvoiceQuery.parse({ q: item.invoice.header.vendorName?.value }));
      await queue.counts();
    });
    await Promise.all(work);
    for (const site of sites) {
      const { store } = await (replicas[0] as PostgresDatabase).site(site);
      expect(await store.invoiceIds({})).toHaveLength(30);
      expect((await store.verifyAudit()).problems).toEqual([]);
    }
    const claimed = await Promise.all(
      Array.from({ length: 90 }, (_, at) => (replicas[at % 2] as PostgresDatabase).queue.claim(['validate'], 60_000)),
    );
    expect(new Set(claimed.flatMap((one) => one?.id ?? [])).size).toBe(90);
  });
});
