import { expect, test } from 'vitest';
import type { Invoice, InvoiceSummary } from '../../core/contract/invoice.ts';
import type { DuplicatePair } from '../../core/contract/settling-http.ts';
import { ApiError } from '../api.ts';
import { canMerge, canPart } from './duplicate-actions.ts';
import { STAND_MS } from '../conflicts/use-standing.ts';
import { createDuplicatesStore, type DuplicatesDeps, keyOfPair } from './duplicates-store.ts';

const summary = (id: string) => ({ id }) as InvoiceSummary;
const pair = (n: number): DuplicatePair => ({
  invoice: summary(`b${n}`),
  other: summary(`a${n}`),
  why: 'alike',
  link: null,
});

/** A server with so many pairs, in pages of `page`. */
function place(count: number, page = 100) {
  let open = Array.from({ length: count }, (_, n) => n);
  let down = false;
  let at = 0;
  const focus = { inCard: false };
  const sent: unknown[] = [];
  const told: string[] = [];
  const digests = new Map<string, string>();
  const states = new Map<string, string>();
  const invoice = (id: string): Invoice =>
    ({ id, state: states.get(id) ?? 'received', digest: digests.get(id) ?? `${id} seen` }) as unknown as Invoice;
  const settled = (id: string) => (open = open.filter((n) => n !== Number(id.slice(1))));
  const sends = async (id: string, body: unknown): Promise<Invoice> => {
    if (down) throw new ApiError('offline', 'no answer');
    sent.push({ id, ...(body as object) });
    return { ...invoice(id), digest: `${id} after` };
  };
  const client = {
    listDuplicates: async ({ query }: { query: { after?: string } }) => {
      const from = Number(query.after ?? 0);
      const next = from + page < open.length ? String(from + page) : null;
      return { items: open.slice(from, from + page).map(pair), next, total: open.length };
    },
    getInvoice: async ({ params: { id } }: { params: { id: string } }) => invoice(id),
    mergeDuplicate: async ({ params: { id }, body }: { params: { id: string }; body: unknown }) => {
      const reply = await sends(id, body);
      settled(id);
      return reply;
    },
    notDuplicate: async ({ params: { id }, body }: { params: { id: string }; body: { not: boolean } }) => {
      const reply = await sends(id, body);
      if (body.not) settled(id);
      return reply;
    },
    transition: async ({ params: { id }, body }: { params: { id: string }; body: { digest: string } }) => {
      const reply = await sends(id, body);
      if (digests.has(id) && digests.get(id) !== body.digest) throw new ApiError('stale', 'it is another one by now');
      return reply;
    },
    getHistory: async () => ({
      entries: [
        { op: 'before', at: '1' },
        { op: 'id1', at: '2' },
        { op: 'late', at: '3' },
      ],
    }),
  } as unknown as DuplicatesDeps['client'];
  let ids = 0;
  const store = createDuplicatesStore({
    client,
    newId: () => `id${(ids += 1)}`,
    isOpen: () => true,
    isInCard: () => focus.inCard,
    now: () => at,
    onDecided: ({ kind }) => told.push(kind),
    onMoved: (_done, since) => told.push(`moved ${since.map(({ op }) => op).join(' ')}`),
    onTakenBack: () => told.push('back'),
    onFailed: (error) => told.push(`failed ${error instanceof ApiError ? error.code : ''}`),
  });
  const state = () => {
    const { pairs, active, gone, reason } = store.getState();
    return { pairs: pairs.map((one) => one.invoice.id), active: active?.split(' ')[1], gone, reason };
  };
  const elsewhere = (n: number) => void settled(`b${n}`);
  const may = () => [canMerge({ duplicates: store }), canPart({ duplicates: store })];
  return {
    store,
    sent,
    told,
    state,
    elsewhere,
    may,
    focus,
    digests,
    states,
    wait: () => (at += STAND_MS),
    fall: (is: boolean) => (down = is),
  };
}

test.each(['reason', 'focus'])(
  'settled elsewhere while somebody is at it (%s): it stays, and nothing is decided',
  async (by) => {
    const { store, sent, state, elsewhere, may, focus, wait } = place(3);
    await store.show(null);
    wait();
    expect(may()).toEqual([true, true]);
    if (by === 'reason') store.setState({ reason: 'A second deli' });
    focus.inCard = by === 'focus';
    elsewhere(0);
    await store.reload();
    wait();
    const reason = by === 'reason' ? 'A second deli' : null;
    expect(state()).toEqual({ pairs: ['b0', 'b1', 'b2'], active: 'b0', gone: true, reason });
    expect(may()).toEqual([false, false]);
    expect(await store.apart('A second delivery')).toBe(false);
    await store.merge();
    expect(sent).toEqual([]);
    // Whoever goes on leaves it behind.
    focus.inCard = false;
    store.move(1);
    expect(state()).toEqual({ pairs: ['b1', 'b2'], active: 'b1', gone: false, reason: null });
  },
);

test('nobody is at it: the next one follows, with nothing of the one before', async () => {
  const { store, state, elsewhere, may } = place(2);
  await store.show(null);
  store.swap();
  elsewhere(0);
  const reloaded = store.reload();
  await reloaded;
  expect(state()).toEqual({ pairs: ['b1'], active: 'b1', gone: false, reason: null });
  expect(store.getState()).toMatchObject({ swapped: false, compared: { key: keyOfPair(pair(1)) } });
  expect(may()).toEqual([true, true]);
});

test('a key that comes before the two were looked at decides nothing: holding M is one decision', async () => {
  const { store, sent, state, wait, focus } = place(3);
  await store.show(null);
  await store.merge();
  expect([sent, store.getState().early]).toEqual([[], true]);
  wait();
  // By the button in the card: what is decided here does not hold the keyboard.
  focus.inCard = true;
  await store.merge();
  await store.merge();
  expect(sent).toMatchObject([{ id: 'b0', kept: 'a0', digest: 'b0 seen' }]);
  expect(state()).toMatchObject({ pairs: ['b1', 'b2'], active: 'b1' });
});

test('a merge is taken back as it was then: what somebody did since is not taken back with it', async () => {
  const { store, sent, told, wait, digests } = place(1);
  await store.show(null);
  wait();
  await store.merge();
  digests.set('b0', 'approved by another');
  await store.undo();
  expect(sent.at(-1)).toMatchObject({ id: 'b0', to: 'received', digest: 'b0 after' });
  expect([store.getState().undo, told]).toEqual([[], ['merge', 'failed stale']]);
});

test('what came to the closed one since is told, and taken back with it when that is asked for again', async () => {
  const { store, sent, told, wait, digests, states } = place(1);
  await store.show(null);
  wait();
  await store.merge();
  digests.set('b0', 'with a late one');
  states.set('b0', 'duplicate');
  await store.undo();
  expect(told).toEqual(['merge', 'moved late']);
  await store.undo();
  expect(sent.at(-1)).toMatchObject({ id: 'b0', to: 'received', digest: 'with a late one' });
  expect([store.getState().undo, told.at(-1)]).toEqual([[], 'back']);
});

test('of what makes them two only what was said here is taken back', async () => {
  const { store, sent, wait } = place(1);
  await store.show(null);
  wait();
  expect(await store.apart('A second delivery')).toBe(true);
  await store.undo();
  expect(sent).toMatchObject([
    { not: true, opIds: ['id1', 'id2'] },
    { not: false, of: ['id1', 'id2'], opIds: ['id3', 'id4'] },
  ]);
});

test('what could not be taken back for want of an answer can be taken back later, by the same request', async () => {
  const { store, sent, told, wait, fall } = place(1);
  await store.show(null);
  wait();
  await store.merge();
  fall(true);
  await store.undo();
  expect(store.getState().undo).toHaveLength(1);
  fall(false);
  await store.undo();
  expect(sent.at(-1)).toMatchObject({ opId: 'id2', digest: 'b0 after' });
  expect(store.getState().undo).toEqual([]);
  expect(told).toEqual(['merge', 'failed offline', 'back']);
});

test('a list that was loaded further stays as long as it was', async () => {
  const { store, state } = place(7, 2);
  await store.show(null);
  store.ensure();
  await expect.poll(() => state().pairs).toHaveLength(4);
  store.move(3);
  await store.reload();
  expect(state()).toMatchObject({ pairs: ['b0', 'b1', 'b2', 'b3'], active: 'b3' });
});
