import { AppError } from '../../core/contract/errors.ts';
import { expect, test } from 'vitest';
import { isPassing, storageError } from './s3-error.ts';

const place = { endpoint: 'https://s3.example.com', bucket: 'invoices' };
const from = (name: string, status?: number, code?: string) =>
  Object.assign(new Error('AKIA-the-key and its signature'), {
    name,
    code,
    $metadata: { httpStatusCode: status, requestId: 'r1' },
  });

test.each([
  [from('NoSuchBucket', 404), 's3-no-bucket', false],
  [from('SignatureDoesNotMatch', 403), 's3-refused', false],
  [from('403', 403), 's3-refused', false],
  [from('RequestTimeTooSkewed', 403), 's3-clock', false],
  [from('QuotaExceeded', 403), 's3-full', false],
  [from('Error', undefined, 'ECONNREFUSED'), 's3-unreachable', true],
  [from('TimeoutError'), 's3-unreachable', true],
  [from('Error', undefined, 'DEPTH_ZERO_SELF_SIGNED_CERT'), 's3-certificate', false],
  [from('SlowDown', 503), 's3-failing', true],
  [from('InternalError', 500), 's3-failing', true],
  [from('NotImplemented', 501), 's3-failing', false],
])('%s is %s', (error, reason, passing) => {
  const refusal = storageError(error, place) as AppError;
  expect(refusal).toBeInstanceOf(AppError);
  expect(refusal).toMatchObject({ code: 'storage', details: { reason, ...place } });
  expect(refusal.message).toContain(place.bucket);
  expect(refusal.message).toContain(place.endpoint);
  expect(isPassing(error)).toBe(passing);
  // Neither the text of the answer nor the request it was given to.
  expect(JSON.stringify([refusal.message, refusal.details, refusal.cause])).not.toContain('AKIA');
});

test('refusals of our own pass as they are', () => {
  const own = new AppError('not_found', 'x');
  expect(storageError(own, place)).toBe(own);
});
