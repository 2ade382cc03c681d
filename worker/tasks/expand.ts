/**
 * Archives and mails -> the documents in them. Containers inside containers are opened here too, so that depth, count and size are limited over the
 * whole tree: the members that come out are documents, never containers. Each is stored under its sha256; its own name stays text.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LIMITS } from '../../core/contract/intake.ts';
import type { TaskInput, TaskOutput } from '../../core/contract/tasks.ts';
import { mailParts, msgParts } from '../archive/mail.ts';
import { inflateEntry, packageKind, zipEntries } from '../archive/zip.ts';
import { guessType } from '../detect.ts';
import { unreadable, UnreadableError } from '../unreadable.ts';

type Expanded = Extract<TaskOutput<'expand'>, { kind: 'expanded' }>;

interface Harvest {
  readonly outDir: string;
  readonly members: Expanded['members'];
  readonly skipped: Expanded['skipped'];
  bytes: number;
}

export async function expand(input: TaskInput<'expand'>): Promise<TaskOutput<'expand'>> {
  const { size } = await stat(input.path);
  if (size > LIMITS.bytes) return unreadable('too-large', `${size} bytes; the limit is ${LIMITS.bytes}`);
  const bytes = new Uint8Array(await readFile(input.path));
  await mkdir(input.outDir, { recursive: true });
  const harvest: Harvest = { outDir: input.outDir, members: [], skipped: [], bytes: 0 };
  await open(bytes, '', 1, harvest);
  const { members, skipped } = harvest;
  if (members.length > 0) return { kind: 'expanded', members, skipped };
  const nested = skipped.find(({ reason }) => reason === 'archive-bomb');
  if (nested !== undefined) return unreadable('archive-bomb', `${nested.name}: packed too deep or too tightly`);
  const locked = skipped.find(({ reason }) => reason === 'encrypted');
  if (locked !== undefined) return unreadable('encrypted', `${locked.name} asks for a password`);
  const list = skipped.slice(0, 5).map(({ name, reason }) => `${name} (${reason})`);
  return unreadable('no-pages', list.length === 0 ? 'nothing is attached' : `nothing to read: ${list.join(', ')}`);
}

async function open(bytes: Uint8Array, path: string, depth: number, harvest: Harvest): Promise<void> {
  const type = guessType(bytes);
  if (type === 'zip') return openZip(bytes, path, depth, harvest);
  const parts = type === 'ole' ? msgParts(bytes) : await mailParts(bytes);
  for (const part of parts) {
    const name = path + part.name;
    if (part.skip === undefined) await take(part.bytes, name, depth, harvest);
    else harvest.skipped.push({ name, reason: part.skip });
  }
}

async function openZip(bytes: Uint8Array, path: string, depth: number, harvest: Harvest): Promise<void> {
  const entries = zipEntries(bytes);
  const kind = packageKind(entries);
  if (kind !== undefined) throw new UnreadableError('unsupported', kind);
  for (const entry of entries) {
    const name = path + entry.name;
    if (isLitter(entry.name)) continue;
    if (entry.encrypted) harvest.skipped.push({ name, reason: 'encrypted' });
    else if (entry.size > LIMITS.bytes) harvest.skipped.push({ name, reason: 'too-large' });
    else {
      await skipping(name, harvest, () => take(inflateEntry(bytes, entry), name, depth, harvest));
    }
  }
}

/** What file managers add to archives by themselves. */
const isLitter = (name: string): boolean => /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/i.test(name);

async function take(bytes: Uint8Array, name: string, depth: number, harvest: Harvest): Promise<void> {
  if (bytes.length === 0) {
    harvest.skipped.push({ name, reason: 'empty' });
    return;
  }
  const type = guessType(bytes);
  const container = type === 'zip' || type === 'mail' || type === 'ole';
  if (container && depth >= LIMITS.archiveDepth) {
    harvest.skipped.push({ name, reason: 'archive-bomb' });
    return;
  }
  if (container) {
    await skipping(name, harvest, () => open(bytes, `${name}/`, depth + 1, harvest));
    return;
  }
  await store(bytes, name, harvest);
}

async function store(bytes: Uint8Array, name: string, harvest: Harvest): Promise<void> {
  harvest.bytes += bytes.length;
  if (harvest.bytes > LIMITS.inflateBytes)
    throw new UnreadableError('archive-bomb', `more than ${LIMITS.inflateBytes / 1_048_576} MB unpacked`);
  if (harvest.members.length >= LIMITS.archiveEntries)
    throw new UnreadableError('archive-bomb', `more than ${LIMITS.archiveEntries} files in all`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const path = join(harvest.outDir, sha256);
  await writeFile(path, bytes);
  harvest.members.push({ name, sha256, size: bytes.length, path });
}

/** One bad member never stops the others; a limit of the whole tree does. */
async function skipping(name: string, harvest: Harvest, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    if (error.reason === 'archive-bomb' && harvest.bytes > LIMITS.inflateBytes) throw error;
    harvest.skipped.push({ name, reason: error.reason });
  }
}
