/** What stations take along from a site, and how it comes back. */
import type { NewEvent } from '../../core/access/audit-event.ts';
import { AppError } from '../../core/contract/errors.ts';
import type { InvoiceQuery } from '../../core/contract/http.ts';
import { type Lease, type LeaseTerms, TOGETHER_LIMITS } from '../../core/contract/together-http.ts';
import type { InvoiceStatus } from '../../core/invoice/states.ts';
import type { Principal } from '../access/parts.ts';
import { type DeskStore, WAITING } from '../store/desk-store.ts';
import type { Store } from '../store/store.ts';
import { noDevice } from '../sync/hub/origins.ts';

const PAGE = 500;

export interface LeaseParts {
  readonly desks: DeskStore;
  readonly store: Pick<Store, 'invoices'>;
  readonly deviceName: (device: string) => Promise<string>;
  readonly tell: (event: NewEvent) => Promise<void>;
  readonly changed: () => void;
  readonly now: () => number;
}

const unknown = (): AppError => new AppError('not_found', 'There is no such lease.');

/** Of those that the list shows, what waits for a person. */
function queryOf(
  { q, status, only, sort, order }: LeaseTerms['filter'],
  cursor: string | undefined,
): InvoiceQuery | undefined {
  const waiting = WAITING.filter((one) => status === undefined || status.length === 0 || status.includes(one));
  if (waiting.length === 0) return undefined;
  return {
    ...(q === undefined || q.trim() === '' ? {} : { q }),
    status: waiting as unknown as InvoiceStatus[],
    ...(only === undefined ? {} : { only }),
    sort,
    order,
    limit: PAGE,
    ...(cursor === undefined ? {} : { cursor }),
  };
}

export type Leases = ReturnType<typeof createLeases>;

export function createLeases({ desks, store, deviceName, tell, changed, now }: LeaseParts) {
  const told = (
    what: string,
    actor: string,
    about: Lease,
    more: Readonly<Record<string, string>> = {},
  ): Promise<void> =>
    tell({
      kind: 'lease',
      at: new Date(now()).toISOString(),
      actor,
      data: { what, lease: about.id, device: about.device, name: about.deviceName, ...more },
    });

  /** The same page until nothing more of it is to be had: others may be taking along at the same time. */
  async function fill(id: string, { size, filter }: LeaseTerms): Promise<void> {
    let wanted = size;
    let cursor: string | undefined;
    do {
      const query = queryOf(filter, cursor);
      if (query === undefined) return;
      const { items, next } = await store.invoices(query);
      const ids = items.map((item) => item.id);
      for (let taken = 1; taken > 0 && wanted > 0;) wanted -= taken = await desks.fillLease(id, ids, wanted);
      cursor = next ?? undefined;
    } while (wanted > 0 && cursor !== undefined);
  }

  async function lease(id: string): Promise<Lease> {
    const found = await desks.lease(id);
    if (found === undefined) throw unknown();
    return found;
  }

  return {
    lease,
    async take({ device, actor }: Principal, wish: LeaseTerms & { readonly id: string }): Promise<Lease> {
      if (device === null) throw noDevice();
      const { id, hours } = wish;
      const opened = await desks.openLease({ id, actor, device, deviceName: await deviceName(device), hours });
      if (opened.kind === 'full')
        throw new AppError('not_allowed', `A station takes ${TOGETHER_LIMITS.out} invoices along at the most.`, {
          reason: 'lease-full',
          most: TOGETHER_LIMITS.out,
        });
      if (opened.kind === 'known') {
        if (opened.lease.device !== device) throw unknown();
        // One that has nothing was begun by a process that was lost before it could go on.
        if (opened.lease.size > 0 || opened.lease.end !== null) return opened.lease;
      }
      await fill(id, wish);
      const taken = await lease(id);
      changed();
      if (taken.left === 0) return (await desks.endLease(id, { end: 'returned', by: actor })) ?? taken;
      await told('taken', actor, taken, { unused: String(taken.left), until: taken.until });
      return taken;
    },
    /** By the station that has it, whoever sits there. */
    async giveBack({ device, actor }: Principal, id: string, invoices: readonly string[] | undefined): Promise<Lease> {
      if (device === null) throw noDevice();
      const before = await lease(id);
      if (before.device !== device) throw unknown();
      const after = (await desks.endLease(id, { invoices, end: 'returned', by: actor })) ?? before;
      if (after.left !== before.left || after.end !== before.end) changed();
      if (after.end === 'returned' && before.end === null)
        await told('returned', actor, after, { unused: String(before.left) });
      return after;
    },
    async release({ actor }: Principal, id: string): Promise<Lease> {
      const before = await lease(id);
      if (before.end !== null) return before;
      const after = (await desks.endLease(id, { end: 'released', by: actor })) ?? before;
      changed();
      await told('released', actor, after, { unused: String(before.left) });
      return after;
    },
    /** An invoice was taken out of a lease by somebody who opened it on purpose. */
    async takenOver(actor: string, id: string, invoice: string): Promise<void> {
      await told('taken-over', actor, await lease(id), { invoice });
    },
  };
}
