/**
 * A workspace's folder:
 *   station.db          operations, projections, jobs
 *   backups             copies of the database; damaged/<when>: what a salvage took aside
 *   blobs/ab/cd/<sha>   originals, readings, exports
 *   cache/pages         pages read of documents that are not finished; rebuildable
 *   cache/images        pictures of pages; rebuildable
 *   cache/expand        members of archives on their way into blobs
 *   logs/server.log
 *   lock                the process that works here
 */
import { mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export interface Folders {
  readonly root: string;
  readonly database: string;
  readonly backups: string;
  readonly blobs: string;
  readonly pages: string;
  readonly images: string;
  readonly expand: string;
  readonly logs: string;
}

export const WORKSPACES = ['demo', 'own'] as const;
export const workspaceFolder = (data: string, workspace: (typeof WORKSPACES)[number]): string => join(data, workspace);

/** Where copies of a database are kept. */
export const backupFolder = (database: string): string => join(dirname(database), 'backups');

const quoted = (path: string): string => (/^[\w./:\\-]+$/.test(path) ? path : `"${path}"`);

/** What a person types to save what is in a damaged database. */
export function salvageCommand(database: string): string {
  const root = dirname(database);
  const workspace = basename(root) === 'demo' ? ' --workspace demo' : '';
  return `ap-intake salvage --data ${quoted(dirname(root))}${workspace}`;
}

export function openFolders(root: string): Folders {
  const folders: Folders = {
    root,
    database: join(root, 'station.db'),
    backups: backupFolder(join(root, 'station.db')),
    blobs: join(root, 'blobs'),
    pages: join(root, 'cache', 'pages'),
    images: join(root, 'cache', 'images'),
    expand: join(root, 'cache', 'expand'),
    logs: join(root, 'logs'),
  };
  // Private: invoices are nobody else's business on a shared machine.
  for (const folder of [
    root,
    folders.backups,
    folders.blobs,
    folders.pages,
    folders.images,
    folders.expand,
    folders.logs,
  ])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folders;
}
