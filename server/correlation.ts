/** One name for a request from the proxy's log to the worker's: what a request causes carries its id, through every await of it. */
import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<string>();

export const correlated = <T>(id: string | undefined, work: () => T): T =>
  id === undefined ? work() : storage.run(id, work);

/** Of the request, or of the job, that runs now. */
export const correlation = (): string | undefined => storage.getStore();

/** As proxies make them; what is written into a log and a database must be no more than that. */
const ID = /^[A-Za-z0-9][\w.-]{7,63}$/;

/** The caller's own id, where it is one. */
export const givenId = (header: unknown): string | undefined =>
  typeof header === 'string' && ID.test(header) ? header : undefined;

/** A job carries the id in its data, beside what its contract names. */
export function withCorrelation<J extends { readonly data: object }>(job: J): J {
  const id = correlation();
  return id === undefined ? job : { ...job, data: { ...job.data, correlation: id } };
}

export const correlationOf = (job: { readonly data: unknown }): string | undefined =>
  givenId((job.data as { correlation?: unknown } | null)?.correlation);
