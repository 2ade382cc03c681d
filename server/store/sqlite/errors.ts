/** What goes wrong below the store, told so that a person can act on it. */
import { AppError } from '../../../core/contract/errors.ts';
import { damagedError } from './damage.ts';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

const SENTENCES: readonly { match: RegExp; reason: string; say: (path: string) => string }[] = [
  {
    // The last of SQLite's: no room for the index of the write-ahead log, which every start makes anew.
    match: /^(ENOSPC|EDQUOT|SQLITE_FULL|SQLITE_IOERR_SHMSIZE)$/,
    reason: 'disk-full',
    say: (path) => `The disk that holds ${path} is full. Nothing of this was saved; free some space and do it again.`,
  },
  {
    match: /^(SQLITE_READONLY|SQLITE_PERM|SQLITE_CANTOPEN|EACCES|EROFS|EPERM)/,
    reason: 'not-writable',
    say: (path) => `${path} cannot be opened for writing. Check the permissions of its folder.`,
  },
  {
    match: /^(SQLITE_IOERR|EIO)/,
    reason: 'io',
    say: (path) => `Reading or writing ${path} failed. The disk may be defective or was taken away.`,
  },
];

export const isDamage = (error: unknown): boolean => /^SQLITE_(CORRUPT|NOTADB)/.test(codeOf(error));

/** A refusal where the cause is known; the error itself (a bug) otherwise. */
export function storageError(error: unknown, path: string): unknown {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
    return new AppError('unavailable', `${path} is busy. Try again.`, { reason: 'busy', cause: code });
  }
  if (isDamage(error)) return damagedError(path, code);
  const known = SENTENCES.find(({ match }) => match.test(code));
  return known === undefined
    ? error
    : new AppError('storage', known.say(path), { reason: known.reason, cause: code, path });
}
