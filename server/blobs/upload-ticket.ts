/**
 * Ids of uploads as callers know them: each with a mark that only this installation can make, and only for whoever was given the id. Nothing has to be remembered,
 * and every process opens what another one gave. The mark's key is made of the store's: what a changed key ends, it ends with the addresses that it signed.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '../../core/contract/errors.ts';
import type { S3Config } from './s3-config.ts';

const LENGTH = 32;
const TICKET = /^(.{1,150})-([0-9a-f]{32})$/;

export interface Tickets {
  ticketOf(id: string, maker: string): string;
  openTicket(ticket: string, maker: string): string;
}

/** `place`: where the uploads of a site are. */
export function createTickets({ secretAccessKey }: Pick<S3Config, 'secretAccessKey'>, place: string): Tickets {
  const key = createHmac('sha256', secretAccessKey).update('ap-intake ids of uploads').digest();
  const markOf = (id: string, maker: string): string =>
    createHmac('sha256', key)
      .update(JSON.stringify([place, maker, id]))
      .digest('hex')
      .slice(0, LENGTH);
  return {
    ticketOf: (id, maker) => `${id}-${markOf(id, maker)}`,
    openTicket(ticket, maker) {
      const [, id, mark] = TICKET.exec(ticket) ?? [];
      if (id === undefined || mark === undefined) throw new AppError('bad_request', 'This is not the id of an upload.');
      if (timingSafeEqual(Buffer.from(markOf(id, maker)), Buffer.from(mark))) return id;
      throw new AppError('not_found', 'There is no such upload of yours. Begin a new one.', {
        reason: 'upload-missing',
      });
    },
  };
}
