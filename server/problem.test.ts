import { expect, test } from 'vitest';
import { isDiskFull, refusal } from './problem.ts';
import { storageError } from './store/sqlite/errors.ts';

// The last one is what a start meets.
test.each(['ENOSPC', 'EDQUOT', 'SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE'])(
  '%s is a full disk, however it is told',
  (code) => {
    const error = Object.assign(new Error('no space left on device'), { code });
    expect(isDiskFull(error)).toBe(true);
    expect(storageError(error, 'station.db')).toMatchObject({ details: { reason: 'disk-full' } });
    expect(isDiskFull(refusal(error))).toBe(true);
  },
);
