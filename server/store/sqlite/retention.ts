/** Which copies of the database are kept. */

const NEWEST = 6;
const DAYS = 7;
const BEFORE_MIGRATION = 3;
/** Stay whatever the disk says. */
const ALWAYS = 2;

export interface Copy {
  readonly name: string;
  /** ISO instant to the second. */
  readonly at: string;
  readonly bytes: number;
  readonly beforeMigration: boolean;
}

const NAME = /^station-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z(-before-v\d+)?\.db$/;

const stamp = (at: string): string => `${at.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

export const copyName = (at: string, beforeVersion?: number): string =>
  `station-${stamp(at)}${beforeVersion === undefined ? '' : `-before-v${beforeVersion}`}.db`;

/** Undefined for a file that is none of ours: it is left alone. */
export function copyOf(name: string, bytes: number): Copy | undefined {
  const found = NAME.exec(name);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second, before] = found;
  const at = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  return { name, at, bytes, beforeMigration: before !== undefined };
}

const newestFirst = (a: Copy, b: Copy): number => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0);

/**
 * To be removed: all but the newest six, the newest of each of the last seven days that have one, and three from before a migration. Beyond that the oldest
 * go while the copies take more than what is left free on the disk: they must never be what fills it.
 */
export function toRemove(copies: readonly Copy[], freeBytes: number): Copy[] {
  const regular = copies.filter((copy) => !copy.beforeMigration).toSorted(newestFirst);
  const before = copies.filter((copy) => copy.beforeMigration).toSorted(newestFirst);
  const days = new Map<string, Copy>();
  for (const copy of regular) {
    const day = copy.at.slice(0, 10);
    if (!days.has(day)) days.set(day, copy);
  }
  const kept = new Set([
    ...regular.slice(0, NEWEST),
    ...[...days.values()].slice(0, DAYS),
    ...before.slice(0, BEFORE_MIGRATION),
  ]);
  let free = freeBytes + sum(copies.filter((copy) => !kept.has(copy)));
  for (const copy of [...kept].toSorted(newestFirst).slice(ALWAYS).toReversed()) {
    if (sum([...kept]) <= free) break;
    kept.delete(copy);
    free += copy.bytes;
  }
  return copies.filter((copy) => !kept.has(copy));
}

const sum = (copies: readonly Copy[]): number => copies.reduce((total, { bytes }) => total + bytes, 0);
