import { expect, test } from 'vitest';
import type { Invoice } from '../../core/contract/invoice.ts';
import type { ConflictDetail, ConflictRow } from '../../core/contract/settling-http.ts';
import { ApiError } from '../api.ts';
import { EMPTY_CELL } from '../review/cells.ts';
import { type ConflictsDeps, createConflictsStore } from './conflicts-store.ts';
import { STAND_MS } from './use-standing.ts';

const row = (n: number): ConflictRow => ({
  invoice: `inv${n}`,
  kind: 'values',
  entity: { type: 'invoice', id: `inv${n}` },
  field: 'poNumber',
  since: '2026-01-01T00:00:00.000Z',
  vendorName: 'V',
  invoiceNumber: String(n),
  documentName: 'a.pdf',
  currency: null,
});
const detail = (n: number): ConflictDetail => ({
  ...row(n),
  sides: ['a', 'b'].map((value) => ({ value, keeps: null, said: [] as never })),
  parents: [`x${n}`, `y${n}`],
  base: null,
  read: null,
  place: null,
  row: null,
});

const invoice = (id: string, heads: string[] = []): Invoice =>
  ({
    id,
    state: 'received',
    digest: 'd',
    lines: [],
    taxRows: [],
    header: {
      poNumber: {
        ...EMPTY_CELL,
        ...(heads.length === 0 ? {} : { conflict: heads.map((op) => ({ op, value: op, actor: 'user:b', at: '' })) }),
      },
    },
  }) as unknown as Invoice;
const numberOf = (id: string): number => Number(id.slice(3));

/** A server with these conflicts; `meanwhile` somebody else sets another value on each that is settled. */
function place(count: number, meanwhile = false) {
  let open = Array.from({ length: count }, (_, i) => i);
  let down = false;
  let at = 0;
  const focus = { inCard: false };
  const sent: unknown[] = [];
  const told: string[] = [];
  const reach = async () => {
    if (down) throw new ApiError('offline', 'no answer');
  };
  const client = {
    listConflicts: async () => {
      await reach();
      return { items: open.map(row), next: null, totals: { cells: open.length, invoices: open.length } };
    },
    getConflicts: async ({ params }: { params: { id: string } }) => {
      await reach();
      const n = numberOf(params.id);
      return { items: open.includes(n) ? [detail(n)] : [] };
    },
    getInvoice: async ({ params }: { params: { id: string } }) => invoice(params.id),
    correctFields: async ({ params, body }: { params: { id: string }; body: { corrections: { opId: string }[] } }) => {
      await reach();
      sent.push(body.corrections[0]);
      if (meanwhile) return invoice(params.id, [body.corrections[0]?.opId ?? '', 'late']);
      open = open.filter((n) => n !== numberOf(params.id));
      return invoice(params.id);
    },
    unsettle: async ({ params, body }: { params: { id: string }; body: unknown }) => {
      await reach();
      sent.push(body);
      open = [...open, numberOf(params.id)].toSorted((a, b) => a - b);
      return invoice(params.id);
    },
  } as unknown as ConflictsDeps['client'];
  let ids = 0;
  const store = createConflictsStore({
    client,
    newId: () => `id${(ids += 1)}`,
    isOpen: () => true,
    isInCard: () => focus.inCard,
    now: () => at,
    onStill: (one, actor) => told.push(`still ${one.invoice} ${actor}`),
    onSettled: (one, left) => told.push(`settled ${one.invoice}, ${left} left`),
    onUnsettled: (one) => told.push(`unsettled ${one.invoice}`),
    onFailed: (error) => told.push(`failed ${error instanceof ApiError ? error.code : ''}`),
  });
  const state = () => {
    const { rows, active, shown, totals } = store.getState();
    return {
      rows: rows.map(({ invoice: id }) => id),
      active: active?.split(' ')[0],
      shown: shown?.detail?.parents,
      n: totals.cells,
    };
  };
  /** Until the card has been looked at. */
  const wait = () => (at += STAND_MS);
  const elsewhere = (n: number) => (open = open.filter((one) => one !== n));
  return { store, sent, told, state, wait, elsewhere, focus, fall: (is: boolean) => (down = is) };
}

const value = { kind: 'value', value: 'a', reason: 'because' } as const;

test('a settlement names every head that was shown, and the next conflict follows by itself', async () => {
  const { store, sent, told, state, wait } = place(3);
  await store.reload();
  wait();
  expect(state()).toEqual({ rows: ['inv0', 'inv1', 'inv2'], active: 'inv0', shown: ['x0', 'y0'], n: 3 });
  await store.settle(value);
  expect(sent).toMatchObject([{ parents: ['x0', 'y0'], value: 'a', reason: 'because', field: 'poNumber' }]);
  expect(told).toEqual(['settled inv0, 2 left']);
  expect(state()).toMatchObject({ rows: ['inv1', 'inv2'], active: 'inv1', n: 2 });
  await store.undo();
  expect(sent.at(-1)).toMatchObject({ settled: 'id1', opIds: ['id2', 'id3'] });
  expect(state()).toMatchObject({ rows: ['inv0', 'inv1', 'inv2'], active: 'inv0' });
});

test('where another value arrived meanwhile that is told, and the conflict stays', async () => {
  const { store, told, state, wait } = place(2, true);
  await store.reload();
  wait();
  await store.settle(value);
  expect(told).toEqual(['still inv0 user:b']);
  expect(state()).toMatchObject({ rows: ['inv0', 'inv1'], n: 2 });
});

test('what did not reach the server is not settled', async () => {
  const { store, told, state, fall, wait } = place(2);
  await store.reload();
  wait();
  fall(true);
  await store.settle(value);
  expect(told).toEqual(['failed offline']);
  fall(false);
  await store.reload();
  expect(state()).toMatchObject({ rows: ['inv0', 'inv1'], n: 2 });
});

test('nothing loaded and no answer: it says so, and loads when asked again', async () => {
  const { store, fall } = place(1);
  fall(true);
  await store.reload();
  expect(store.getState()).toMatchObject({ phase: 'failed', error: { code: 'offline' } });
  fall(false);
  await store.reload();
  expect(store.getState().phase).toBe('ready');
});

test('a key that comes before the card was looked at settles nothing: holding 1 is one decision', async () => {
  const { store, sent, state, wait } = place(3);
  await store.reload();
  await store.settle(value);
  expect([sent, store.getState().early]).toEqual([[], true]);
  wait();
  await store.settle(value);
  await store.settle(value);
  expect(sent).toHaveLength(1);
  expect(state()).toMatchObject({ rows: ['inv1', 'inv2'], active: 'inv1' });
  wait();
  await store.settle(value);
  expect(sent).toHaveLength(2);
});

test.each(['typing', 'reason', 'focus'])(
  'settled elsewhere while somebody is at it (%s): it stays and says so, nothing else is settled',
  async (by) => {
    const { store, sent, state, wait, elsewhere, focus } = place(3);
    await store.reload();
    if (by === 'typing') store.type('12');
    if (by === 'reason') store.setState({ reason: 'As pr' });
    focus.inCard = by === 'focus';
    elsewhere(0);
    await store.reload();
    wait();
    expect(state()).toMatchObject({ rows: ['inv0', 'inv1', 'inv2'], active: 'inv0', shown: ['x0', 'y0'] });
    expect(store.getState()).toMatchObject({
      shown: { gone: true },
      typing: by === 'typing' ? '12' : null,
      reason: by === 'reason' ? 'As pr' : '',
    });
    await store.settle(value);
    expect(sent).toEqual([]);
    // Whoever goes on leaves it behind.
    store.move(1);
    expect(state()).toMatchObject({ rows: ['inv1', 'inv2'], active: 'inv1' });
    expect(store.getState()).toMatchObject({ typing: null, reason: '' });
  },
);

test('nobody is at it: the one that took its place follows', async () => {
  const { store, state, elsewhere } = place(2);
  await store.reload();
  elsewhere(0);
  await store.reload();
  expect(state()).toMatchObject({ rows: ['inv1'], active: 'inv1' });
});

test('what could not be taken back for want of an answer is still there to be taken back, by the same request', async () => {
  const { store, sent, told, wait, fall } = place(2);
  await store.reload();
  wait();
  await store.settle(value);
  fall(true);
  await store.undo();
  expect(store.getState().undo).toHaveLength(1);
  fall(false);
  await store.undo();
  expect(sent.at(-1)).toEqual({ settled: 'id1', opIds: ['id2', 'id3'] });
  expect(store.getState().undo).toEqual([]);
  expect(told).toEqual(['settled inv0, 1 left', 'failed offline', 'unsettled inv0']);
});
