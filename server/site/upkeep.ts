/** What is kept for a while only is removed now and then, by every process: whoever comes second finds nothing to do. */
import type { Log } from '../log.ts';
import type { SiteDocuments } from './documents.ts';
import type { SiteStores } from './stores.ts';

const HOUR_MS = 3_600_000;

interface Parts {
  readonly stores: { readonly access: Pick<SiteStores['access'], 'tidy'>; tidy(): Promise<void> };
  readonly documents: Pick<SiteDocuments, 'tidy'>;
  readonly sites: readonly string[];
  readonly log: Log;
  readonly now: () => number;
}

/** The returned function ends it. */
export function everyNowAndThen({ stores, documents, sites, log, now }: Parts): () => void {
  const tidy = async (): Promise<void> => {
    await stores.tidy();
    // With an identity provider of one's own nobody else does it.
    await stores.access.tidy(now());
    await documents.tidy(sites);
  };
  const timer = setInterval(() => {
    tidy().catch((error: unknown) => log.warn('not tidied', { error }));
  }, HOUR_MS).unref();
  return () => clearInterval(timer);
}
