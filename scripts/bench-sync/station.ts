/** A station for the bench: the database, the requests and the loop of the product, without its window, its bytes and its jobs. It goes online and offline when it is told to. */
import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { createSiteFetch } from '../../server/enrol/site-fetch.ts';
import type { SiteLink, SiteLinkState } from '../../server/enrol/site-link.ts';
import { createLog } from '../../server/log.ts';
import { createSqliteStore, type SqliteStore } from '../../server/store/sqlite/create.ts';
import { createLoop } from '../../server/sync/station/loop.ts';
import { createSyncWire } from '../../server/sync/station/wire.ts';
import type { Connected } from './connecting.ts';
import type { BenchSite } from './site.ts';

export interface BenchStation extends SqliteStore {
  readonly connected: Connected;
  /** Milliseconds until `isDone`, from the moment that it may speak to the site; it goes offline then. */
  online(isDone: () => Promise<boolean>): Promise<number>;
  stop(): Promise<void>;
}

const PATIENCE_MS = 120_000;

export async function startBenchStation(
  site: BenchSite,
  { folder, room, name }: { readonly folder: string; readonly room: string; readonly name: string },
): Promise<BenchStation> {
  const made = await createSqliteStore({ path: join(folder, `${name}.db`), now: Date.now, random: randomBytes });
  const person = await site.person(room);
  const connected = await site.connect(person, made.store.device);
  const fetch = createSiteFetch({ address: site.origin });
  const listeners = new Set<(state: SiteLinkState) => void>();
  const base = {
    enrolled: true,
    site: room,
    address: site.origin,
    deviceId: made.store.device,
    deviceName: name,
    siteKeys: [],
    user: { id: person.id, name, login: person.login },
    enrolledAt: new Date().toISOString(),
  } as const;
  let state: SiteLinkState = { ...base, trouble: { kind: 'locked', since: base.enrolledAt } };
  const become = (next: SiteLinkState): void => {
    state = next;
    for (const listen of listeners) listen(state);
  };
  const link: Pick<SiteLink, 'state' | 'onChange' | 'forked' | 'authorisedFetch' | 'sign'> = {
    state: () => state,
    onChange(listen) {
      listeners.add(listen);
      return () => void listeners.delete(listen);
    },
    forked: () => Promise.reject(new Error('forked')),
    authorisedFetch: async (path, request = {}) =>
      fetch(new URL(path, site.origin), {
        ...request,
        headers: { ...request.headers, authorization: `Bearer ${connected.token}` },
      }),
    sign: async (bytes) => Buffer.from(connected.signer.sign(Buffer.from(bytes).toString()), 'base64url'),
  };
  const news = new EventEmitter();
  const loop = createLoop({
    link,
    store: made.sync,
    // The log is what is measured here; first-sync.ts begins with a snapshot.
    joining: { run: () => Promise.resolve('none' as const) },
    wire: createSyncWire({ link, now: Date.now, onClock: () => undefined }),
    log: createLog({ write: (line: string) => void process.stderr.write(line) }, 'warn'),
    now: Date.now,
    random: Math.random,
    onChange: () => void news.emit('news'),
  });
  return {
    ...made,
    connected,
    async online(isDone) {
      const late = performance.now() + PATIENCE_MS;
      const over = new AbortController();
      const from = performance.now();
      become({ ...base, trouble: null });
      try {
        for (;;) {
          const heard = once(news, 'news', { signal: over.signal }).catch(() => undefined);
          if (await isDone()) return performance.now() - from;
          if (performance.now() > late) throw new Error(`${name}: not done in ${PATIENCE_MS} ms`);
          await heard;
        }
      } finally {
        over.abort();
        become({ ...base, trouble: { kind: 'locked', since: base.enrolledAt } });
      }
    },
    async stop() {
      await loop.close();
      fetch.close();
      await made.store.close();
    },
  };
}
