/** Who is at what, as the screens show it: told by events, and by what a lease has where that is another than before. */
import { createStore } from 'zustand/vanilla';
import type { Desk, LeaseHead, Parcel, Together } from '../../core/contract/together-http.ts';
import { companies, type Company, isTaken, type Self } from '../../core/together/advice.ts';
import type { Client } from '../api.ts';

export interface TogetherState {
  /** There are others, and they can be heard. */
  readonly on: boolean;
  readonly desks: readonly Desk[];
  readonly leases: readonly LeaseHead[];
  readonly parcels: readonly Parcel[];
  readonly byInvoice: ReadonlyMap<string, Company>;
}

export interface TogetherStore extends ReturnType<typeof createTogetherStore> {}

export interface TogetherDeps {
  readonly client: Client;
  readonly self: () => Self;
  readonly now: () => string;
}

const headOf = ({ id, since, until, size, invoices }: Parcel, { actor, device }: Self): LeaseHead => ({
  id,
  actor,
  device: device ?? '',
  deviceName: '',
  since,
  until,
  size,
  left: invoices.length,
});

export function createTogetherStore({ client, self, now }: TogetherDeps) {
  const store = createStore<TogetherState>(() => ({
    on: false,
    desks: [],
    leases: [],
    parcels: [],
    byInvoice: new Map<string, Company>(),
  }));
  /** By lease, with how many there were left when it was asked for. */
  const contents = new Map<string, { readonly left: number; readonly ids: ReadonlySet<string> }>();

  function show(part: Partial<TogetherState> = {}): void {
    const { desks, leases: told, parcels } = { ...store.getState(), ...part };
    const within = new Map([...contents].map(([id, { ids }]) => [id, ids] as const));
    // What was taken along here is known without the site, too.
    const own = parcels.filter(({ state }) => state !== 'ended' && state !== 'asking');
    for (const { id, invoices } of own) within.set(id, new Set(invoices));
    const ours = new Set(own.map(({ id }) => id));
    const leases = [...told.filter(({ id }) => !ours.has(id)), ...own.map((parcel) => headOf(parcel, self()))];
    store.setState({ ...part, byInvoice: companies({ desks, leases, within }, self(), now()) });
  }

  async function learn(leases: readonly LeaseHead[]): Promise<void> {
    const unknown = leases.filter(({ id, left }) => contents.get(id)?.left !== left);
    for (const id of contents.keys()) if (!leases.some((lease) => lease.id === id)) contents.delete(id);
    // One that cannot be had hides none of the others: the next event brings it to mind again.
    await Promise.allSettled(
      unknown.map(async ({ id, left }) => {
        const { invoices } = await client.getLease({ params: { id } });
        contents.set(id, { left, ids: new Set(invoices) });
      }),
    );
    if (unknown.length > 0) show();
  }

  function onTogether(view: Together): void {
    show({ on: view.on, desks: view.desks, leases: view.leases });
    void learn(view.leases);
  }

  return {
    ...store,
    onTogether,
    onParcels(parcels: readonly Parcel[]): void {
      show({ parcels });
    },
    /** What events tell of from then on. */
    async load(place: 'station' | 'site'): Promise<void> {
      const [view, { parcels }] = await Promise.all([
        client.getTogether({ query: {} }),
        place === 'station' ? client.listParcels({}) : { parcels: [] },
      ]);
      show({ parcels });
      onTogether(view);
    },
    /** What save-and-next leaves out: what others have; and without the site everything but what was taken along, while there is any of it. */
    isLeftOut(invoice: string): boolean {
      const { on, byInvoice, parcels } = store.getState();
      if (isTaken(byInvoice.get(invoice))) return true;
      const out = parcels.filter(({ state, open }) => (state === 'ready' || state === 'fetching') && open > 0);
      return !on && out.length > 0 && !out.some(({ invoices }) => invoices.includes(invoice));
    },
  };
}
