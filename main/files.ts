/** Files from the desktop into the station: dialogs, arguments, a second start. They go the way of every upload, over the private socket. */
import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { api, Problem } from '../core/contract/http.ts';
import { LIMITS, type IntakeResult } from '../core/contract/intake.ts';

/** What the dialogs offer first; the station itself goes by content. */
export const EXTENSIONS = ['pdf', 'png', 'jpg', 'jpeg', 'tif', 'tiff', 'webp', 'xml', 'eml', 'msg', 'zip'];

/** Files as they are; folders with everything in them, hidden things left out, in the order of their names. */
export async function expandFolders(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const info = await stat(path).catch(() => undefined);
    if (info?.isFile()) found.push(path);
    if (!info?.isDirectory()) continue;
    const names = (await readdir(path)).filter((name) => !name.startsWith('.')).toSorted();
    found.push(...(await expandFolders(names.map((name) => join(path, name)))));
  }
  return found;
}

export interface UploadReport {
  readonly taken: number;
  readonly refused: readonly { readonly file: string; readonly detail: string }[];
}

async function uploadBatch(
  files: readonly string[],
  send: (request: Request) => Promise<Response>,
): Promise<IntakeResult[]> {
  const form = new FormData();
  for (const file of files) form.append('file', await openAsBlob(file), basename(file));
  const request = new Request(`ap://app${api.upload.path}`, {
    method: api.upload.method,
    body: form,
    headers: { 'idempotency-key': randomUUID() },
  });
  const response = await send(request);
  const body: unknown = await response.json();
  if (response.ok) return api.upload.reply.parse(body).results;
  const problem = Problem.safeParse(body);
  throw new Error(problem.success ? problem.data.detail : `HTTP ${response.status}`);
}

/** Hands files to the server in batches of the size it takes; a file that cannot be opened is told, the others go on. */
export async function uploadFiles(
  paths: readonly string[],
  send: (request: Request) => Promise<Response>,
): Promise<UploadReport> {
  const files = await expandFolders(paths);
  const results: IntakeResult[] = [];
  for (let from = 0; from < files.length; from += LIMITS.batchFiles) {
    results.push(...(await uploadBatch(files.slice(from, from + LIMITS.batchFiles), send)));
  }
  const refused = results.flatMap((result) =>
    result.kind === 'refused' ? [{ file: result.file, detail: result.detail }] : [],
  );
  return { taken: results.length - refused.length, refused };
}
