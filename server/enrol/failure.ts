/** What went wrong on the way to a site, told apart by what a person can do about it. */
import { AppError } from '../../core/contract/errors.ts';
import { SiteLinkError } from './site-link.ts';

/** Chain, name or time of a certificate; OpenSSL's names as Node gives them. */
const UNTRUSTED =
  /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET_ISSUER|VERIFY_LEAF|DECODE_ISSUER)|ERR_TLS_CERT_ALTNAME|HOSTNAME_MISMATCH|INVALID_(?:CA|PURPOSE))/;
/** Somebody answers there who speaks another language. */
const NO_HTTP = /^(?:HPE_|EPROTO$|ERR_SSL_|ERR_HTTP|ERR_INVALID_HTTP)/;

const codeOf = (error: unknown): string => {
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    const { code } = one as NodeJS.ErrnoException;
    if (typeof code === 'string' && !(one instanceof AppError)) return code;
    if (one instanceof AggregateError && one.errors.length > 0) return codeOf(one.errors[0]);
  }
  return '';
};

export const isNoSuchHost = (error: unknown): boolean => /^(?:ENOTFOUND|EAI_)/.test(codeOf(error));

/** Of whatever a request failed with, other than by the caller's own abort. */
export function siteError(error: unknown, host: string): SiteLinkError {
  if (error instanceof SiteLinkError) return error;
  const code = codeOf(error);
  if (UNTRUSTED.test(code))
    return new SiteLinkError('untrusted', `This machine does not trust the certificate of ${host} (${code}).`, {
      cause: error,
    });
  if (error instanceof AppError) return new SiteLinkError('bad-answer', error.message, { cause: error });
  if (NO_HTTP.test(code))
    return new SiteLinkError('bad-answer', `${host} does not speak HTTP as this address says (${code}).`, {
      cause: error,
    });
  const why = code === '' ? (error instanceof Error ? error.message : String(error)) : code;
  return new SiteLinkError('unreachable', `${host} does not answer (${why}).`, { cause: error });
}
