/** Errors on the wire: RFC 9457 problem details, for everything that is not a success. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodError } from 'zod';
import { AppError, ERRORS, type ErrorCode } from '../core/contract/errors.ts';
import type { Problem } from '../core/contract/http.ts';
import type { Log } from './log.ts';

/** Not imported: with all the names of that module comes its client for the web, which every start would wait for. */
const { STATUS_CODES } = process.getBuiltinModule('node:http');

export function toProblem(error: AppError): Problem {
  const status = ERRORS[error.code];
  return {
    type: `urn:ap-intake:problem:${error.code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: error.message,
    code: error.code,
    details: error.details,
  };
}

/** Names the place of each wrong value: `body.corrections[0].opId: Invalid UUID`. */
export function badRequest(where: string, error: ZodError): AppError {
  const issues = error.issues.slice(0, 20).map((issue) => {
    const path = issue.path.reduce<string>(
      (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${String(key)}`),
      where,
    );
    return { path, message: issue.message };
  });
  const text = issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ');
  return new AppError('bad_request', `The request is not valid: ${text}`, { issues });
}

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  406: 'bad_request',
  413: 'too_large',
  414: 'bad_request',
  415: 'unsupported',
  429: 'too_many',
  431: 'bad_request',
  503: 'unavailable',
};

/** Codes of the file system and SQLite for a disk that takes no more. */
const DISK_FULL = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE']);

export const isDiskFull = (error: unknown): boolean =>
  error instanceof AppError
    ? error.details['reason'] === 'disk-full'
    : error instanceof Error && DISK_FULL.has((error as { code?: string }).code ?? '');

/** What an error means to a caller; undefined for a bug, of which a caller learns nothing. */
export function refusal(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  if (!(error instanceof Error)) return undefined;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string' && DISK_FULL.has(code))
    return new AppError(
      'storage',
      'The disk is full. Free some space, then try again: nothing that was saved is lost.',
      { reason: 'disk-full' },
    );
  const status = (error as FastifyError).statusCode;
  if (status === undefined || typeof code !== 'string' || !code.startsWith('FST_')) return undefined;
  const known = BY_STATUS[status];
  return known === undefined ? undefined : new AppError(known, error.message);
}

export function sendProblem(reply: FastifyReply, error: AppError): FastifyReply {
  const problem = toProblem(error);
  const { retryAfter } = error.details;
  if (typeof retryAfter === 'number') void reply.header('retry-after', Math.ceil(retryAfter));
  return reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(problem));
}

export function createErrorHandler(log: Log) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const refused = refusal(error);
    if (refused !== undefined && refused.code !== 'internal') return sendProblem(reply, refused);
    log.error('request failed', {
      reqId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? '(none)',
      error,
    });
    return sendProblem(
      reply,
      new AppError('internal', 'Something went wrong inside the station. The log holds the details.', {
        request: request.id,
      }),
    );
  };
}
