/** The SQLite store and its queue: asynchronous proxies of one thread that writes and one that scans. */
import { uuid4 } from '../../../core/sync/ids.ts';
import type { Invoice } from '../../../core/contract/invoice.ts';
import { createSqliteQueue } from '../../queue/sqlite.ts';
import type { Queue } from '../../queue/queue.ts';
import type { AuditReport, Store } from '../store.ts';
import { projectionWire } from './projection-wire.ts';
import type { Reader } from './reader.ts';
import { callThread, type RemoteCalls } from './rpc.ts';
import type { ThreadData } from './thread.ts';
import type { Writer } from './writer.ts';

export interface SqliteStoreOptions {
  /** The database file; its folder is made where it is missing. */
  readonly path: string;
  readonly now: () => number;
  readonly random: (bytes: number) => Uint8Array;
  /** How often to look for leases that ran out. */
  readonly pollMs?: number;
}

type Opened<M> = M & { open(): void };
type WriterCalls = RemoteCalls<Opened<Writer>>;
type ReaderCalls = RemoteCalls<Opened<Reader>>;

/** The thread's file beside this one: .ts as source, .js as built. */
const threadFile = (): URL => new URL(`./thread${import.meta.url.slice(-3)}`, import.meta.url);

export async function createSqliteStore(options: SqliteStoreOptions): Promise<{ store: Store; queue: Queue }> {
  const { path, now, random } = options;
  const writerData: ThreadData = { role: 'writer', options: { path, device: uuid4(random(16)), nowMs: now() } };
  const writer: WriterCalls = callThread(threadFile(), writerData);
  try {
    await writer.call('open');
  } catch (error) {
    await writer.close().catch(() => undefined); // it never opened; the reason is the error at hand
    throw error;
  }
  const wakes = new Set<() => void>();
  const wake = (): void => {
    for (const listener of wakes) listener();
  };
  const queue = createSqliteQueue({ writer, now, random, wakes, pollMs: options.pollMs ?? 5_000 });
  const device = await writer.call('device');
  return { store: proxy({ writer, path, now, device, wake, stopQueue: () => queue.stop() }), queue };
}

interface ProxyParts {
  readonly writer: WriterCalls;
  readonly path: string;
  readonly now: () => number;
  readonly device: string;
  readonly wake: () => void;
  readonly stopQueue: () => void;
}

function proxy({ writer, path, now, device, wake, stopQueue }: ProxyParts): Store {
  let reading: Promise<ReaderCalls> | undefined;
  /** Started when first needed: most starts of the station never scan. */
  const reader = (): Promise<ReaderCalls> => (reading ??= openReader(path));
  return {
    device,
    async commit(change) {
      const nowMs = now();
      const projections = change.projections.map((one) => projectionWire(one.expect, one.projection));
      const at = change.at ?? new Date(nowMs).toISOString();
      const result = await writer.call('commit', { ...change, projections }, { at, nowMs });
      if (result.kind === 'ok' && change.jobs.length > 0) wake();
      return result;
    },
    invoice: async (id) => {
      const text = await writer.call('invoice', id);
      return text === undefined ? undefined : (JSON.parse(text) as Invoice);
    },
    invoices: (query) => writer.call('invoices', query),
    invoiceIds: (filter) => writer.call('invoiceIds', filter),
    counters: (startOfToday) => writer.call('counters', startOfToday),
    document: (sha256) => writer.call('document', sha256),
    opsOf: (root) => writer.call('opsOf', root),
    duplicateCandidates: (invoice, keys) => writer.call('duplicateCandidates', invoice, keys),
    idempotent: (key) => writer.call('idempotent', key),
    exportBatches: () => writer.call('exportBatches'),
    settings: () => writer.call('settings'),
    verifyAudit: async (progress) => (await reader()).callWithProgress('verifyAudit', progress ?? (() => undefined)),
    rebuildHeads: () => writer.call('rebuildHeads'),
    backup: async (target) => (await reader()).call('backup', target),
    close: async () => {
      stopQueue();
      if (reading !== undefined) await (await reading).close();
      await writer.close();
    },
  };
}

async function openReader(path: string): Promise<ReaderCalls> {
  const reader: ReaderCalls = callThread(threadFile(), { role: 'reader', path } satisfies ThreadData);
  try {
    await reader.call('open');
    return reader;
  } catch (error) {
    await reader.close().catch(() => undefined); // it never opened; the reason is the error at hand
    throw error;
  }
}

/** Audits a database without opening it for writing: works beside a running station and on a copy. */
export async function auditSqlite(
  path: string,
  progress: (done: number, total: number) => void = () => undefined,
): Promise<AuditReport> {
  const reader = await openReader(path);
  try {
    return await reader.callWithProgress('verifyAudit', progress);
  } finally {
    await reader.close();
  }
}
