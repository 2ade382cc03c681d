/** Where a site's documents are: in S3, or in a folder that every process of the site reaches. */
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
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
  close(): Promise<void> | void;
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

const STALE_MS = 24 * 3_600_000;
const INCOMING = /^incoming-/;

/** What killed processes left behind. One that lives has been at its folder within the hour. */
async function removeStale(folder: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []);
  for (const path of names.filter((name) => INCOMING.test(name)).map((name) => join(folder, name))) {
    const found = await stat(path).catch(() => undefined); // another process was faster
    if (found !== undefined && Date.now() - found.mtimeMs > STALE_MS) await rm(path, { recursive: true, force: true });
  }
}

async function onDisk(root: string, writer: string): Promise<SiteDocuments> {
  const { createDiskBlobs } = await import('../blobs/disk.ts');
  const own = `incoming-${writer}`;
  const open = new Map<string, Promise<Blobs>>();
  const folderOf = (site: string): string => join(root, 'blobs', site);
  const make = async (site: string): Promise<Blobs> => {
    await removeStale(folderOf(site));
    return createDiskBlobs(folderOf(site), own);
  };
  return {
    async of(site) {
      const made = open.get(site) ?? make(site);
      open.set(site, made);
      // The disk may be back for the next one.
      made.catch(() => open.delete(site));
      return made;
    },
    ping: async () => undefined,
    async tidy() {
      for (const site of open.keys()) {
        const folder = join(folderOf(site), own);
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await utimes(folder, new Date(), new Date());
      }
    },
    async close() {
      for (const site of open.keys()) await rm(join(folderOf(site), own), { recursive: true, force: true });
    },
  };
}
