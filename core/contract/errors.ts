/** Refusals at an edge: one table, code -> HTTP status. */
export const ERRORS = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 409,
  in_conflict: 409,
  not_allowed: 409,
  precondition_failed: 412,
  too_large: 413,
  unsupported: 415,
  invalid_value: 422,
  upgrade_required: 426,
  precondition_required: 428,
  too_many: 429,
  internal: 500,
  unavailable: 503,
  storage: 507,
} as const;

export type ErrorCode = keyof typeof ERRORS;
export const ERROR_CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

/** A refusal with a reason a person can act on. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;
  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.name = 'AppError';
    this.code = code;
    this.details = details;
  }
}
