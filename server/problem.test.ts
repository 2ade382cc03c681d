import { expect, test } from 'vitest';
import { isDiskFull, refusal } from './problem.ts';

test.each(['ENOSPC', 'EDQUOT', 'SQLITE_FULL'])('%s is a full disk, and stays one where it is told', (code) => {
  const error = Object.assign(new Error('no space left on device'), { code });
  expect(isDiskFull(error)).toBe(true);
  expect(isDiskFull(refusal(error))).toBe(true);
});
