/** What is kept for a while only is removed now and then, by every process: whoever comes second finds nothing to do. */
import { join } from 'node:path';
import { dropBytes, dropLocal, type EraseBase } from '../jobs/erase.ts';
import type { Log } from '../log.ts';
import { clearUnfinished, tidyCache } from '../tidy.ts';
import { siteCache } from './cache.ts';
import type { SiteDocuments } from './documents.ts';
import type { SiteStores } from './stores.ts';

const HOUR_MS = 3_600_000;
/** No archive is unpacked for so long. */
const DAY_MS = 24 * HOUR_MS;

interface Parts {
  readonly stores: { readonly access: Pick<SiteStores['access'], 'tidy'>; tidy(): Promise<void> };
  readonly documents: Pick<SiteDocuments, 'tidy' | 'of'>;
  readonly storeOf: (site: string) => Promise<EraseBase['store']>;
  readonly sites: readonly string[];
  /** Shared by the processes of a machine: what one of them removes is gone for the others, too. */
  readonly cache: string;
  readonly log: Log;
  readonly now: () => number;
}

/** The returned function ends it. */
export function everyNowAndThen({ stores, documents, storeOf, sites, cache, log, now }: Parts): () => void {
  const tidy = async (): Promise<void> => {
    await stores.tidy();
    // With an identity provider of one's own nobody else does it.
    await stores.access.tidy(now());
    await documents.tidy(sites);
    for (const site of sites) {
      const folders = await siteCache(join(cache, site));
      await clearUnfinished(folders, now() - DAY_MS);
      await tidyCache(folders, now());
      // A job does it once, on one machine; what came late, and what the others have, goes now.
      const erasing = { store: await storeOf(site), blobs: await documents.of(site), folders };
      await dropBytes(erasing);
      await dropLocal(erasing);
    }
  };
  const timer = setInterval(() => {
    tidy().catch((error: unknown) => log.warn('not tidied', { error }));
  }, HOUR_MS).unref();
  return () => clearInterval(timer);
}
