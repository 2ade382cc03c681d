/** What a site's server keeps on disk: only what can be made again. Several processes of a machine may share it. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Folders } from '../folders.ts';

export type CacheFolders = Pick<Folders, 'pages' | 'images' | 'expand'>;

export async function siteCache(root: string): Promise<CacheFolders> {
  const folders = { pages: join(root, 'pages'), images: join(root, 'images'), expand: join(root, 'expand') };
  for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true, mode: 0o700 });
  return folders;
}
