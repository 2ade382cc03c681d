/** What goes wrong at the database, told so that a person can act on it; and what is worth another try. */
import { DrizzleQueryError } from 'drizzle-orm';
import { DatabaseError } from 'pg';
import { AppError } from '../../../core/contract/errors.ts';

export const STATEMENT_TIMEOUT_MS = 30_000;
/** The server ends a statement that takes too long, and says so. Where nothing was heard for so much longer, there is nobody to say it. */
export const GRACE_MS = 5_000;
export const QUERY_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + GRACE_MS;

/** When to come again, in seconds: what is away takes longer to come back than what is busy. */
const AWAY_S = 5;
const BUSY_S = 1;

/** drizzle wraps errors with the statement and its parameters, which no log may hold. */
export const causeOf = (error: unknown): unknown => (error instanceof DrizzleQueryError ? causeOf(error.cause) : error);

const codeOf = (error: unknown): string => {
  const cause = causeOf(error);
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
};

/** Serialisation, deadlock, and a key that another transaction took in the meantime: the next try sees it and says so. */
export const isRetried = (error: unknown): boolean => /^(40001|40P01|23505)$/.test(codeOf(error));

/** https://www.postgresql.org/docs/current/errcodes-appendix.html, and what Node and the driver say of a connection. */
const GONE =
  /^(08...|57P0[1-5]|53300|25P03|ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ENOENT|EHOSTUNREACH)$/;
const DRIVER =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered|Client was closed|Cannot use a pool)/;

export function isConnectionLost(error: unknown): boolean {
  const cause = causeOf(error);
  if (GONE.test(codeOf(cause))) return true;
  // pgbouncer says why it let somebody go in words only.
  return cause instanceof Error && !(cause instanceof DatabaseError) && DRIVER.test(cause.message);
}

/** Nobody was there to hear it: nothing can have been done. */
export function isNeverSent(error: unknown): boolean {
  const cause = causeOf(error);
  return (
    isWithoutConnection(cause) ||
    /^(53300|57P03|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENOENT|EHOSTUNREACH)$/.test(codeOf(cause))
  );
}

/** None came about in time: all of the pool are busy, or nobody answers. Asking again at once would only make the line longer. */
export const isWithoutConnection = (error: unknown): boolean =>
  error instanceof Error &&
  /^(timeout exceeded when trying to connect|Connection terminated due to connection timeout)/.test(error.message);

/** The database is away or was lost on the way: another try of a part would say the same. */
export function isAway(error: unknown): boolean {
  const reason = error instanceof AppError ? error.details['reason'] : undefined;
  return reason === 'database-away' || reason === 'database-interrupted' || isConnectionLost(error);
}

const SENTENCES: readonly { match: RegExp; code: 'unavailable' | 'storage'; reason: string; say: string }[] = [
  {
    match: /^(53100|58030)$/,
    code: 'storage',
    reason: 'disk-full',
    say: 'The disk of the database is full or failing. Nothing of this was saved.',
  },
  {
    match: /^(57014|55P03)$/,
    code: 'unavailable',
    reason: 'too-slow',
    say: 'The database took too long. Nothing of this was saved; try again.',
  },
  {
    match: /^(40001|40P01|23505)$/,
    code: 'unavailable',
    reason: 'busy',
    say: 'Others were saving the same at the same time. Nothing of this was saved; try again.',
  },
  {
    match: /^(25006|XX001|XX002)$/,
    code: 'storage',
    reason: 'not-writable',
    say: 'The database does not accept changes. Nothing of this was saved.',
  },
];

/** A refusal where the cause is known; the error itself (a bug) otherwise. `sure`: nothing can have been saved. */
export function databaseError(error: unknown, sure = true): unknown {
  const cause = causeOf(error);
  if (cause instanceof AppError) return cause;
  if (isConnectionLost(cause)) {
    const saved = sure
      ? 'Nothing of this was saved.'
      : 'Whether this was saved is not known: look, and do it again where it was not.';
    return new AppError('unavailable', `The database cannot be reached. ${saved}`, {
      reason: sure ? 'database-away' : 'database-interrupted',
      cause: codeOf(cause),
      // What may have been done is not to be done again by a program.
      ...(sure ? { retryAfter: AWAY_S } : {}),
    });
  }
  const code = codeOf(cause);
  const known = SENTENCES.find(({ match }) => match.test(code));
  if (known !== undefined) {
    const again = known.code === 'unavailable' ? { retryAfter: BUSY_S } : {};
    return new AppError(known.code, known.say, { reason: known.reason, cause: code, ...again });
  }
  // The detail of a database error quotes values.
  if (cause instanceof DatabaseError) cause.detail = undefined;
  return cause;
}
