/**
 * [Note: Copied databases] Two databases that write under one device id would fork its chain of operations. So a mark stands in the database and among the
 * secrets, and both change with every start: a database that was copied, or brought back from an older copy, has a mark that the secrets do not know, and a
 * folder that was copied as a whole lies at another place or on another machine than the secrets say. Such a database becomes another device (SYNC.md).
 * The new mark is noted as the next one before the database gets it, so that a start that is cut off in between is no copy.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { LockedError, type Secrets } from './secrets.ts';

const Twin = z.object({ marks: z.array(z.string()).min(1).max(2), place: z.string() });

/** Where a database lies: the machine, as far as it has a name that lasts, and the folder. */
export function placeOf(folder: string): string {
  let machine = '';
  try {
    machine = readFileSync('/etc/machine-id', 'utf8').trim();
  } catch {
    // Other systems seal the secrets for this very machine; a container may have none.
    machine = process.platform === 'linux' ? hostname() : '';
  }
  return createHash('sha256')
    .update(`${machine}\n${resolve(folder)}`)
    .digest('base64url');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // altered: as good as none
  }
}

export type Incarnation = 'same' | 'copied' | 'locked';

export async function checkIncarnation(secrets: Secrets, mark: string, place: string): Promise<Incarnation> {
  try {
    const text = await secrets.get('incarnation');
    const twin = text === undefined ? undefined : Twin.safeParse(parsed(text)).data;
    return twin !== undefined && twin.marks.includes(mark) && twin.place === place ? 'same' : 'copied';
  } catch (error) {
    if (error instanceof LockedError) return 'locked';
    throw error;
  }
}

/** `write` puts the mark into the database. */
export async function nextIncarnation(
  secrets: Secrets,
  marks: { readonly before: string | undefined; readonly next: string },
  place: string,
  write: () => Promise<void>,
): Promise<void> {
  const twin = (known: readonly string[]): Promise<void> =>
    secrets.set('incarnation', JSON.stringify({ marks: known, place }));
  await twin(marks.before === undefined ? [marks.next] : [marks.before, marks.next]);
  await write();
  await twin([marks.next]);
}
