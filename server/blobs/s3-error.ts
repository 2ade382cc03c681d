/** What an S3 endpoint or the way to it says -> a refusal that names the place and the way out. Keys, signatures and signed addresses never get into it. */
import { AppError } from '../../core/contract/errors.ts';
import type { S3Config } from './s3-config.ts';

export type Place = Pick<S3Config, 'endpoint' | 'bucket'>;

export interface Failure {
  readonly name: string;
  readonly code: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The SDK's errors and Node's, in one shape. */
export function failureOf(error: unknown): Failure {
  const raw = error as { name?: unknown; code?: unknown; Code?: unknown; $metadata?: unknown } | null | undefined;
  const metadata = raw?.$metadata as { httpStatusCode?: number; requestId?: string } | undefined;
  return {
    name: textOf(raw?.name),
    code: textOf(raw?.code) || textOf(raw?.Code),
    status: metadata?.httpStatusCode,
    requestId: metadata?.requestId,
  };
}

const LOST = new Set(
  'ECONNREFUSED ECONNRESET EPIPE ETIMEDOUT EHOSTUNREACH ENETUNREACH ENOTFOUND EAI_AGAIN ECONNABORTED EADDRNOTAVAIL UND_ERR_SOCKET ERR_STREAM_PREMATURE_CLOSE'.split(
    ' ',
  ),
);
const BUSY = new Set([
  'SlowDown',
  'RequestTimeout',
  'ServiceUnavailable',
  'InternalError',
  'Throttling',
  'OperationAborted',
  'TooManyRequests',
]);
const FULL = new Set(['QuotaExceeded', 'XMinioStorageFull', 'InsufficientStorage', 'EntityTooLarge']);
const REFUSED = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'AccessDenied',
  'Forbidden',
  'InvalidToken',
  'ExpiredToken',
]);
const MISSING = new Set(['NoSuchKey', 'NotFound']);

const isLost = ({ name, code }: Failure): boolean =>
  LOST.has(code) || name === 'TimeoutError' || name === 'AbortError' || name === 'IncompleteBody';

/** Worth another try: nothing says that the answer would be the same. */
export function isPassing(error: unknown): boolean {
  const failure = failureOf(error);
  if (isLost(failure) || BUSY.has(failure.name) || BUSY.has(failure.code)) return true;
  return (
    failure.status !== undefined &&
    (failure.status >= 500 || failure.status === 429 || failure.status === 408) &&
    failure.status !== 501 &&
    failure.status !== 507
  );
}

export const isMissing = (error: unknown): boolean => {
  const { name, code, status } = failureOf(error);
  return (
    MISSING.has(name) || MISSING.has(code) || (status === 404 && name !== 'NoSuchBucket' && name !== 'NoSuchUpload')
  );
};

export const isNamed = (error: unknown, ...names: string[]): boolean => {
  const failure = failureOf(error);
  return names.includes(failure.name) || names.includes(failure.code);
};

/** A condition that was not met: somebody else has written meanwhile. */
export const isRaced = (error: unknown): boolean =>
  isNamed(error, 'PreconditionFailed', 'ConditionalRequestConflict') || failureOf(error).status === 412;

interface Story {
  readonly reason: string;
  readonly text: string;
}

function story(failure: Failure, { endpoint, bucket }: Place): Story {
  const { name, code, status } = failure;
  const is = (set: ReadonlySet<string>): boolean => set.has(name) || set.has(code);
  if (name === 'NoSuchBucket' || code === 'NoSuchBucket') {
    return {
      reason: 's3-no-bucket',
      text: `There is no bucket "${bucket}" at ${endpoint}. Create it, or correct S3_BUCKET.`,
    };
  }
  if (name === 'RequestTimeTooSkewed' || code === 'RequestTimeTooSkewed') {
    return {
      reason: 's3-clock',
      text: `The clock of this server and that of ${endpoint} differ by more than 15 minutes: bucket "${bucket}" cannot be used until both are right.`,
    };
  }
  if (is(FULL) || status === 507) {
    return {
      reason: 's3-full',
      text: `Bucket "${bucket}" at ${endpoint} takes nothing more: free space there or raise its quota.`,
    };
  }
  if (is(REFUSED) || status === 401 || status === 403) {
    return {
      reason: 's3-refused',
      text: `${endpoint} refuses the access to bucket "${bucket}". Check S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, S3_REGION and what the key may do.`,
    };
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO/.test(code)) {
    return {
      reason: 's3-certificate',
      text: `${endpoint} (bucket "${bucket}") has no certificate that this server trusts. Put the authority's certificate into S3_CA_FILE, or correct S3_ENDPOINT.`,
    };
  }
  if (isLost(failure)) {
    return {
      reason: 's3-unreachable',
      text: `The storage at ${endpoint} (bucket "${bucket}") does not answer. It is tried again by itself; check that it runs and that S3_ENDPOINT is right.`,
    };
  }
  return {
    reason: 's3-failing',
    text: `The storage at ${endpoint} failed on bucket "${bucket}" (${name || code || 'no code'}, status ${status ?? 'none'}). Look at its log; "ap-intake s3-check" tells what works.`,
  };
}

/** Refusals of our own pass as they are. The cause is not attached: it carries the signed request. */
export function storageError(error: unknown, place: Place): unknown {
  if (error instanceof AppError) return error;
  const failure = failureOf(error);
  const { reason, text } = story(failure, place);
  return new AppError('storage', text, {
    reason,
    endpoint: place.endpoint,
    bucket: place.bucket,
    ...(failure.name || failure.code ? { code: failure.code || failure.name } : {}),
    ...(failure.requestId === undefined ? {} : { requestId: failure.requestId }),
  });
}
