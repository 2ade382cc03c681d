/**
 * A database that was found damaged is not written to any more, not after a restart either: every further write could take something with it that can still
 * be saved. A file beside it says so until it has been salvaged.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { AppError } from '../../../core/contract/errors.ts';
import { salvageCommand } from '../../folders.ts';

export const damageMark = (path: string): string => `${path}.damaged`;

export const damagedError = (path: string, cause: string): AppError =>
  new AppError(
    'storage',
    `The database ${path} is damaged. It is kept as it is and nothing more is written to it. This saves what is in it, to the last operation that can be read: ${salvageCommand(path)}`,
    { reason: 'corrupt', cause, path },
  );

export const isMarkedDamaged = (path: string): boolean => existsSync(damageMark(path));

export function refuseDamaged(path: string): void {
  if (isMarkedDamaged(path)) throw damagedError(path, 'found before');
}

export interface Damage {
  /** What was found, once something was. */
  readonly found: () => AppError | undefined;
  /** Looks at an error of the database. */
  see(error: unknown): void;
}

export function createDamage(path: string, heard: (error: AppError) => void): Damage {
  let found: AppError | undefined;
  return {
    found: () => found,
    see(error) {
      if (found !== undefined || !(error instanceof AppError)) return;
      if (error.details['reason'] !== 'corrupt' || error.details['path'] !== path) return;
      found = error;
      // A disk that takes no mark either is told with the damage itself.
      void writeFile(damageMark(path), `${error.message}\n`, { flag: 'wx' }).catch(() => undefined);
      heard(error);
    },
  };
}
