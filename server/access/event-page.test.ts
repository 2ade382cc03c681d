import { expect, test } from 'vitest';
import { eventPage } from './event-page.ts';

/** `count` events, every hundredth a failed sign-in. */
const storeOf = (count: number) => {
  const asked: number[] = [];
  return {
    asked,
    events: async (_site: string, { before = count + 1, limit }: { before?: number; limit: number }) => {
      const from = Math.min(count, before - 1);
      const rows = Array.from({ length: Math.max(0, Math.min(limit, from)) }, (_, index) => {
        const seq = from - index;
        const kind = seq % 100 === 0 ? 'sign-in.failed' : 'sign-in';
        const text = JSON.stringify({ v: 1, site: 'main', seq, kind, at: '', actor: 'unknown', data: {}, prev: '' });
        return { seq, text, hash: '' };
      });
      asked.push(rows.length);
      return rows;
    },
  };
};

async function all(count: number, wanted: { limit: number; kind?: string[] }) {
  const store = storeOf(count);
  const seqs: number[] = [];
  const pages: number[] = [];
  let before: number | undefined;
  for (;;) {
    const page = await eventPage(store, 'main', { ...wanted, before });
    seqs.push(...page.items.map(({ seq }) => seq));
    pages.push(page.items.length);
    if (page.next === null) return { seqs, pages, asked: store.asked };
    before = page.next;
  }
}

test('pages hold everything once, newest first', async () => {
  const { seqs, pages } = await all(250, { limit: 100 });
  expect(seqs).toEqual(Array.from({ length: 250 }, (_, index) => 250 - index));
  expect(pages).toEqual([100, 100, 50]);
});

test('of one kind too, also where a page ends between two looks', async () => {
  const { seqs } = await all(12_345, { limit: 7, kind: ['sign-in.failed'] });
  expect(seqs).toEqual(Array.from({ length: 123 }, (_, index) => (123 - index) * 100));
});

test('a kind that is not there is looked for some way back, then told with where to go on', async () => {
  const store = storeOf(20_000);
  const page = await eventPage(store, 'main', { limit: 50, kind: ['erase'] });
  expect(page).toEqual({ items: [], next: 15_001 });
  expect(Math.max(...store.asked)).toBeLessThanOrEqual(500);
  expect((await all(20_000, { limit: 50, kind: ['erase'] })).pages).toEqual([0, 0, 0, 0]);
});
