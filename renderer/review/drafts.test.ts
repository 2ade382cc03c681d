import { expect, test } from 'vitest';
import { keepDrafts } from './drafts.ts';
import type { ReviewStore } from './review-store.ts';
import { createStore } from 'zustand/vanilla';

const KEY = 'invoice:i:grossTotal';

/** The window's memory of a tab. */
function tab() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => void kept.set(key, text),
    removeItem: (key: string) => void kept.delete(key),
    kept,
  };
}
const empty = (): ReviewStore => createStore(() => ({ drafts: {}, seen: {} })) as unknown as ReviewStore;

test('a reload keeps what was typed and what its author saw; what is saved leaves nothing behind', () => {
  const storage = tab();
  const before = empty();
  const stop = keepDrafts(before, storage);
  before.setState({ drafts: { [KEY]: '120' }, seen: { [KEY]: ['theirs'] } });
  stop();
  const after = empty();
  const end = keepDrafts(after, storage);
  expect(after.getState()).toMatchObject({ drafts: { [KEY]: '120' }, seen: { [KEY]: ['theirs'] } });
  after.setState({ drafts: {}, seen: {} });
  end();
  expect(storage.kept.size).toBe(0);
});

test('what others have written into it is nothing', () => {
  const storage = tab();
  storage.setItem('ap.drafts', JSON.stringify({ [KEY]: '120', other: 3 }));
  storage.setItem('ap.drafts.seen', JSON.stringify({ [KEY]: [1], other: 'x' }));
  const review = empty();
  keepDrafts(review, storage)();
  expect(review.getState()).toMatchObject({ drafts: { [KEY]: '120' }, seen: {} });
});
