/** Titles of refusals (core/contract/errors.ts). */
export const errors = {
  'error.bad_request': 'The request is not understood',
  'error.unauthorized': 'Not signed in',
  'error.forbidden': 'Not allowed',
  'error.not_found': 'Not found',
  'error.conflict': 'It was changed at the same time',
  'error.stale': 'The invoice has changed since it was shown',
  'error.in_conflict': 'Two people set a field differently; decide that first',
  'error.not_allowed': 'Not possible in this state',
  'error.too_large': 'Too large',
  'error.unsupported': 'Not supported',
  'error.invalid_value': 'The value is not valid',
  'error.too_many': 'Too many requests',
  'error.internal': 'Something went wrong in the program',
  'error.unavailable': 'Not available at the moment',
  'error.storage': 'The disk refused it',
} as const;
