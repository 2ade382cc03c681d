/** Sync of a site's server, put together: for each of its sites a hub and its bytes, made when a station first asks; numbers and wakes for all of them. */
import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { AppError } from '../../../core/contract/errors.ts';
import type { Verdict } from '../../../core/contract/sync-http.ts';
import type { Parts } from '../../access/parts.ts';
import type { Blobs } from '../../blobs/blobs.ts';
import type { Uploads } from '../../blobs/uploads.ts';
import type { Log } from '../../log.ts';
import type { Bus } from '../../queue/bus.ts';
import type { HubStore } from '../../store/hub-store.ts';
import type { Webhooks } from '../../webhooks/webhooks.ts';
import { createSyncBlobs } from './blobs.ts';
import { createFeed } from './feed.ts';
import { createSyncMetrics, type SyncNumbers } from './metrics.ts';
import { createPutAddress } from './put-address.ts';
import { installSyncRoutes, type SiteSync } from './routes.ts';
import { createSiteHub } from './site-hub.ts';
import { createSiteSigner } from './site-signer.ts';
import { offerOf } from './snapshots.ts';
import { createWentBack } from './went-back.ts';

export interface SyncHubParts {
  readonly access: Pick<Parts, 'store' | 'secrets' | 'origin' | 'sites'>;
  /** Undefined where a site is kept on SQLite. */
  readonly hubOf: (site: string) => Promise<HubStore | undefined>;
  readonly blobsOf: (site: string) => Promise<Blobs & { readonly uploads?: Uploads }>;
  readonly onAppended: (listen: (site: string, seq: number) => void) => () => void;
  readonly webhooks: Pick<Webhooks, 'teller'>;
  readonly bus: Bus;
  readonly registry: Registry;
  readonly log: Log;
  readonly now: () => number;
}

export interface SyncHub {
  install(app: FastifyInstance): Promise<void>;
  /** Sites whose database is an older copy of itself, as far as anybody saw. */
  wentBack(): readonly string[];
  /** Ends what waits for news: the listeners wait for it. */
  close(): void;
}

const ONLINE_MS = 10 * 60_000;

const needsPostgres = (): AppError =>
  new AppError(
    'unavailable',
    'This site keeps everything in one file and one process: stations can be connected to a site on Postgres only (DATABASE_URL).',
    { reason: 'sync-needs-postgres' },
  );

export function createSyncHub(parts: SyncHubParts): SyncHub {
  const { access, now } = parts;
  const storeOf = async (site: string): Promise<HubStore> => {
    if (!access.sites.includes(site)) throw new AppError('not_found', 'There is no such site.');
    const store = await parts.hubOf(site);
    if (store === undefined) throw needsPostgres();
    return store;
  };
  const feed = createFeed({
    bus: parts.bus,
    log: parts.log,
    look: async (site) => (await (await storeOf(site)).history()).seq,
  });
  const leave = parts.onAppended(feed.added);
  const metrics = createSyncMetrics({ registry: parts.registry, sites: access.sites, numbersOf });

  const back = createWentBack({ log: parts.log, registry: parts.registry, now });

  async function numbersOf(site: string): Promise<SyncNumbers> {
    const store = await storeOf(site);
    const [conflicts, blobs, devices] = await Promise.all([
      store.openConflicts(),
      store.missingBlobs(),
      access.store.devices(site),
    ]);
    const stations = { online: 0, offline: 0, revoked: 0 };
    for (const { revokedAt, lastSeenAt } of devices) {
      const seen = lastSeenAt === null ? 0 : Date.parse(lastSeenAt);
      stations[revokedAt !== null ? 'revoked' : now() - seen < 2 * ONLINE_MS ? 'online' : 'offline'] += 1;
    }
    return { conflicts, blobs, stations, waiting: feed.waiting(site) };
  }
  async function open(site: string): Promise<SiteSync> {
    const [hub, blobs] = await Promise.all([storeOf(site), parts.blobsOf(site)]);
    const signer = createSiteSigner(access.secrets, site);
    const address = createPutAddress({ origin: access.origin, site, secrets: access.secrets, now });
    const listeners = async () => {
      const tell = await parts.webhooks.teller(site);
      return (accepted: readonly { body: { kind: string; root: string }; content: Told['content'] }[]) =>
        tell({ ops: accepted.map(({ body: { kind, root }, content }) => ({ kind, root, content })) });
    };
    return {
      hub: createSiteHub({ site, access: access.store, hub, signer, feed, metrics, back, now, listeners }),
      blobs: createSyncBlobs({ hub, blobs, address }),
      address,
      async opsOf(root, after) {
        const { epoch, ops, next } = await hub.snapshots.opsOf(root, after);
        return {
          epoch,
          ...(next === null ? {} : { next }),
          ops: ops.map(({ erasedBy, verdict, ...op }) => ({
            ...op,
            verdict: verdict as Verdict,
            ...(op.content === null && erasedBy !== null ? { erased: erasedBy } : {}),
          })),
        };
      },
      snapshot: async () => offerOf(await hub.snapshots.newest(), site, access.secrets),
    };
  }
  const opened = new Map<string, Promise<SiteSync>>();
  const of = (site: string): Promise<SiteSync> => {
    const known = opened.get(site) ?? open(site);
    opened.set(site, known);
    // The database may be back for the next one who asks.
    known.catch(() => opened.delete(site));
    return known;
  };
  return {
    install: (app) => installSyncRoutes(app, of),
    wentBack: () => back.sites(),
    close() {
      leave();
      feed.close();
    },
  };
}

type Told = Parameters<Awaited<ReturnType<Webhooks['teller']>>>[0]['ops'][number];
