/** What the processes of an installation tell each other at once, of one of its sites each time. Nobody relies on it: whoever misses a message reads the database. No content of invoices. */
import { z } from 'zod';
import { JobView } from '../../core/contract/jobs.ts';

const site = z.string();

export const BusMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('job'), site, job: JobView }),
  /** An invoice changed. */
  z.object({ kind: z.literal('invoice'), site, id: z.string() }),
  /** The log of the site ends at this number now. */
  z.object({ kind: z.literal('log'), site, seq: z.int() }),
  z.object({ kind: z.literal('settings'), site }),
  /** Who is at what. */
  z.object({ kind: z.literal('desks'), site }),
  /** A person cancelled the work for an invoice. */
  z.object({ kind: z.literal('cancel'), site, root: z.string() }),
]);
export type BusMessage = z.infer<typeof BusMessage>;

export interface Bus {
  readonly available: () => boolean;
  /** To all other processes. */
  tell(message: BusMessage): void;
  onMessage(listener: (message: BusMessage) => void): () => void;
  close(): void;
}
