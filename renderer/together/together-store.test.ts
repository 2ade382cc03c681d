import { expect, test, vi } from 'vitest';
import type { LeaseHead, Parcel, Together } from '../../core/contract/together-http.ts';
import type { Client } from '../api.ts';
import { createTogetherStore } from './together-store.ts';

const NOW = '2026-03-02T10:00:00.000Z';
const LATER = '2026-03-02T18:00:00.000Z';
const lease: LeaseHead = {
  id: 'l1',
  actor: 'user:bo',
  device: 'd2',
  deviceName: 'Notebook',
  since: NOW,
  until: LATER,
  size: 2,
  left: 2,
};
const view = (more: Partial<Together> = {}): Together => ({ on: true, tag: 't', desks: [], leases: [], ...more });
const parcel = (more: Partial<Parcel> = {}): Parcel => ({
  id: 'p1',
  state: 'ready',
  since: NOW,
  until: LATER,
  size: 1,
  invoices: ['mine'],
  here: 1,
  open: 1,
  lost: 0,
  end: null,
  endedAt: null,
  endedBy: null,
  ...more,
});

function open(contents: readonly string[] = ['a', 'b']) {
  const getLease = vi.fn(async () => ({ ...lease, invoices: [...contents], end: null, endedAt: null, endedBy: null }));
  const client = { getLease } as unknown as Client;
  return {
    store: createTogetherStore({ client, self: () => ({ actor: 'local:d1', device: 'd1' }), now: () => NOW }),
    getLease,
  };
}

test('what a lease has is asked for once, and again when it has less', async () => {
  const { store, getLease } = open();
  store.onTogether(view({ leases: [lease] }));
  await vi.waitFor(() => expect(store.isLeftOut('a')).toBe(true));
  store.onTogether(view({ leases: [lease] }));
  store.onTogether(view({ leases: [{ ...lease, left: 1 }] }));
  await vi.waitFor(() => expect(getLease).toHaveBeenCalledTimes(2));
  store.onTogether(view());
  expect(store.isLeftOut('a')).toBe(false);
});

test('a lease that cannot be asked for hides none of the others', async () => {
  const { store, getLease } = open();
  getLease.mockRejectedValueOnce(new Error('no answer'));
  store.onTogether(view({ leases: [{ ...lease, id: 'away' }, lease] }));
  await vi.waitFor(() => expect(store.isLeftOut('a')).toBe(true));
  // The next event asks for it again, and for nothing else.
  getLease.mockClear();
  store.onTogether(view({ leases: [{ ...lease, id: 'away' }, lease] }));
  await vi.waitFor(() => expect(getLease).toHaveBeenCalledTimes(1));
});

test('what others work on is left out of the queue, what they look at is not', () => {
  const { store } = open();
  const desk = { invoice: 'a', actor: 'user:bo', device: null, since: NOW, claimed: true };
  store.onTogether(view({ desks: [desk, { ...desk, invoice: 'b', claimed: false }] }));
  expect([store.isLeftOut('a'), store.isLeftOut('b')]).toEqual([true, false]);
  expect(store.getState().byInvoice.get('b')?.others).toHaveLength(1);
});

test('without the site the queue keeps to what was taken along, while there is any of it to do', () => {
  const { store } = open();
  store.onParcels([parcel()]);
  store.onTogether(view({ on: false }));
  expect([store.isLeftOut('mine'), store.isLeftOut('a')]).toEqual([false, true]);
  expect(store.getState().byInvoice.get('mine')?.own?.until).toBe(LATER);
  store.onTogether(view());
  expect(store.isLeftOut('a')).toBe(false);
  store.onParcels([parcel({ open: 0 })]);
  store.onTogether(view({ on: false }));
  expect(store.isLeftOut('a')).toBe(false);
});
