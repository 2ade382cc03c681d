/** Where a site's documents are: in S3, or in a folder that every process of the site reaches. */
import { join } from 'node:path';
import type { Blobs } from '../blobs/blobs.ts';
import type { Uploads } from '../blobs/uploads.ts';
import type { Metrics } from '../metrics.ts';
import type { SiteConfig } from './config.ts';

export interface SiteDocuments {
  of(site: string): Promise<Blobs & { readonly uploads?: Uploads }>;
  /** Rejects where they cannot be reached: for readiness. */
  ping(): Promise<void>;
  /** Removes what was begun and never finished. */
  tidy(sites: readonly string[]): Promise<void>;
  close(): void;
}

/** `writer`: a name for this process among those of the site. */
export async function openDocuments(config: SiteConfig, metrics: Metrics, writer: string): Promise<SiteDocuments> {
  const { s3, data = '', cache } = config;
  return s3 === undefined ? onDisk(join(data, 'site'), writer) : inS3(s3, join(cache, 's3'), metrics);
}

async function inS3(config: NonNullable<SiteConfig['s3']>, folder: string, metrics: Metrics): Promise<SiteDocuments> {
  const { createS3Storage } = await import('../blobs/s3.ts');
  const storage = await createS3Storage({
    config,
    folder,
    observe: ({ operation, seconds, outcome }) => metrics.blobs.observe({ operation, outcome }, seconds),
  });
  const open = new Map<string, ReturnType<typeof storage.site>>();
  const of = (site: string): ReturnType<typeof storage.site> => {
    const made = open.get(site) ?? storage.site(site);
    open.set(site, made);
    return made;
  };
  return {
    of: async (site) => of(site),
    ping: () => storage.ping(),
    async tidy(sites) {
      for (const site of sites) await of(site).uploads.clean();
    },
    close: () => storage.close(),
  };
}

async function onDisk(root: string, writer: string): Promise<SiteDocuments> {
  const { createDiskBlobs } = await import('../blobs/disk.ts');
  const open = new Map<string, Promise<Blobs>>();
  return {
    async of(site) {
      const made = open.get(site) ?? createDiskBlobs(join(root, 'blobs', site), `incoming-${writer}`);
      open.set(site, made);
      return made;
    },
    ping: async () => undefined,
    tidy: async () => undefined,
    close: () => undefined,
  };
}
