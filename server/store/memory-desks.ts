/** Who is at what, of a site of one process: in its memory. No station can be connected to such a site (sync needs Postgres), so nothing is taken along. */
import { AppError } from '../../core/contract/errors.ts';
import type { InvoiceStatus } from '../../core/invoice/states.ts';
import { DESK_MS } from '../../core/together/terms.ts';
import { type DeskStore, type Holding, type Seat, WAITING } from './desk-store.ts';

export interface MemoryDesksParts {
  readonly now: () => number;
  /** Undefined where there is no such invoice. */
  readonly statusOf: (invoice: string) => Promise<InvoiceStatus | undefined>;
}

interface Place extends Seat {
  readonly invoice: string;
  readonly since: number;
  readonly until: number;
}

const noLeases = (): never => {
  throw new AppError('unavailable', 'No station is connected to a site that is kept in one file.', {
    reason: 'sync-needs-postgres',
  });
};
const iso = (ms: number): string => new Date(ms).toISOString();
const holdingOf = ({ actor, device, since, until }: Place): Holding => ({
  actor,
  device,
  lease: null,
  since: iso(since),
  until: iso(until),
});

const keyOf = (invoice: string, { window }: Seat): string => `${invoice} ${window}`;

export function createMemoryDesks({ now, statusOf }: MemoryDesksParts): DeskStore {
  const places = new Map<string, Place>();
  const claims = new Map<string, Place>();
  function forget(): void {
    for (const map of [places, claims]) for (const [key, { until }] of map) if (until <= now()) map.delete(key);
  }
  function place(map: Map<string, Place>, key: string, invoice: string, seat: Seat): void {
    const known = map.get(key);
    const since = known !== undefined && known.actor === seat.actor ? known.since : now();
    map.set(key, { ...seat, invoice, since, until: now() + DESK_MS });
  }
  const letGo = (invoice: string, { window }: Seat): boolean =>
    claims.get(invoice)?.window === window && claims.delete(invoice);

  return {
    async view() {
      forget();
      const byPerson = new Map<string, Place[]>();
      for (const one of places.values()) {
        const key = `${one.invoice} ${one.actor} ${one.device ?? ''}`;
        byPerson.set(key, [...(byPerson.get(key) ?? []), one]);
      }
      const desks = [...byPerson.entries()]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([, all]) => {
          const { invoice, actor, device } = all[0]!;
          const claimed = all.some(({ window }) => claims.get(invoice)?.window === window);
          return { invoice, actor, device, since: iso(Math.min(...all.map(({ since }) => since))), claimed };
        });
      return { desks, leases: [] };
    },
    async keep(invoice, seat, wish) {
      if ((await statusOf(invoice)) === undefined) return undefined;
      forget();
      const wasHere = places.has(keyOf(invoice, seat));
      place(places, keyOf(invoice, seat), invoice, seat);
      const before = claims.get(invoice);
      const isOthers = before !== undefined && before.actor !== seat.actor;
      if (wish === 'none') letGo(invoice, seat);
      else if (wish === 'over' || !isOthers) place(claims, invoice, invoice, seat);
      const holder = claims.get(invoice);
      return {
        holder: holder && holdingOf(holder),
        isNews: !wasHere || holder?.actor !== before?.actor,
        replaced: wish === 'over' && isOthers ? holdingOf(before) : undefined,
      };
    },
    async leave(invoice, seat) {
      const [was, had] = [places.delete(keyOf(invoice, seat)), letGo(invoice, seat)];
      return was || had;
    },
    async claimFirst(ids, seat) {
      for (const invoice of ids) {
        const status = await statusOf(invoice);
        forget();
        const taken = claims.get(invoice);
        const isFree = taken === undefined || taken.actor === seat.actor;
        if (!isFree || !(WAITING as readonly (string | undefined)[]).includes(status)) continue;
        place(claims, invoice, invoice, seat);
        place(places, keyOf(invoice, seat), invoice, seat);
        return invoice;
      }
      return undefined;
    },
    openLease: noLeases,
    fillLease: noLeases,
    lease: async () => undefined,
    endLease: async () => undefined,
    tidy: async () => forget(),
  };
}
