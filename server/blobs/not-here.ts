/** Bytes that are known and have not come yet: where they are, and what cannot be done before they come. */
import { AppError } from '../../core/contract/errors.ts';

export type WhyNotHere =
  /** It is on its way now. */
  | 'fetching'
  /** The station that has it has not sent it to the site yet. */
  | 'late'
  | 'unreachable'
  /** There is no place for it on this disk. */
  | 'full'
  /** The site has other bytes under this name. */
  | 'wrong';

const OF_DOCUMENT: Readonly<Record<WhyNotHere, string>> = {
  fetching: 'This document is not on this station yet; it is being fetched.',
  late: 'The station that took this document in has not sent it to the site yet.',
  unreachable: 'This document is not on this station yet, and the site cannot be reached now.',
  full: 'The disk of this station is full: this document comes once there is space.',
  wrong: 'What the site has under the name of this document are other bytes.',
};
const OF_READING: Readonly<Record<Exclude<WhyNotHere, 'wrong'>, string>> = {
  fetching: 'What was read from this invoice is being fetched.',
  late: 'The station that read this invoice has not sent what it read to the site yet.',
  unreachable: 'What was read from this invoice is not on this station yet, and the site cannot be reached now.',
  full: 'The disk of this station is full: what was read from this invoice comes once there is space.',
};
const AGAIN_SECONDS = 5;

/** `device`: of whoever has them; empty where that is not known. */
export const notHere = (sha256: string, device: string, why: WhyNotHere): AppError =>
  new AppError('not_found', OF_DOCUMENT[why], { reason: 'not-here', why, sha256, device });

/** Whoever changes an invoice changes what was read: before that is here nothing is written, and it is no use to ask for it otherwise. */
export function readingNotHere(error: unknown): unknown {
  if (!(error instanceof AppError) || error.details['reason'] !== 'not-here') return error;
  const { why, sha256, device } = error.details as { why: WhyNotHere; sha256: string; device: string };
  if (why === 'wrong') return error;
  const text = `${OF_READING[why]} Nothing was changed; try again when it has come.`;
  return new AppError('unavailable', text, {
    reason: 'reading-not-here',
    why,
    sha256,
    device,
    retryAfter: AGAIN_SECONDS,
  });
}
