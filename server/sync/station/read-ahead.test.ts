import { expect, test } from 'vitest';
import { setImmediate as turn } from 'node:timers/promises';
import type { CheckedOp, SyncPosition } from '../../store/station-sync-store.ts';
import type { ReadPage } from './page.ts';
import { createReadAhead } from './read-ahead.ts';

const SITE = 'northwind';
const at = (cursor: number, epoch = 1): SyncPosition => ({ site: SITE, epoch, cursor, siteHash: `hash ${cursor}` });

const op = (seq: number): CheckedOp => ({ seq, verdict: 'accepted', text: '{}', hash: '', content: null });

/** Ten operations. */
const page = ({ epoch, cursor }: SyncPosition, head: number): ReadPage => ({
  kind: 'page',
  parts: [{ site: SITE, epoch, ops: [op(cursor + 1), op(cursor + 10)], siteHash: `hash ${cursor + 10}`, heads: [] }],
  head,
  durable: 0,
});

/** A site that answers when it is told to. */
function asking(head = 1_000) {
  const requests: { from: number; wait: number; signal: AbortSignal; answer: (read?: ReadPage) => void }[] = [];
  const ending = new AbortController();
  const ahead = createReadAhead(
    (place, wait, signal) =>
      new Promise((done, fail) => {
        const answer = (read?: ReadPage): void => done(read ?? page(place, head));
        signal.addEventListener('abort', () => fail(new Error('cut')));
        requests.push({ from: place.cursor, wait, signal, answer });
      }),
    ending.signal,
  );
  const answer = async (n: number, read?: ReadPage): Promise<void> => {
    requests[n]?.answer(read);
    await turn();
  };
  return { ahead, requests, answer, ending, asked: () => requests.map(({ from }) => from) };
}

test('two pages are on their way behind the one that is taken in, one after the other, and are handed out as they came', async () => {
  const { ahead, requests, answer, asked } = asking();
  const first = ahead.next(at(0), 25);
  await answer(0);
  expect(await first).toMatchObject({ kind: 'page' });
  expect(asked()).toEqual([0, 10]);
  await answer(1);
  expect(asked()).toEqual([0, 10, 20]);
  await answer(2);
  // Not more than two: they are kept until they are wanted.
  expect(asked()).toEqual([0, 10, 20]);
  const second = await ahead.next(at(10), 0);
  expect(second).toMatchObject({ parts: [{ siteHash: 'hash 20' }] });
  expect(asked()).toEqual([0, 10, 20, 30]);
  expect(await ahead.next(at(20), 0)).toMatchObject({ parts: [{ siteHash: 'hash 30' }] });
  // Only who waits for news may be kept waiting.
  expect(requests.map(({ wait }) => wait)).toEqual([25, 0, 0, 0]);
});

test('behind what the site had, and behind what is no page, nothing is asked for', async () => {
  const end = asking(20);
  const first = end.ahead.next(at(0), 0);
  await end.answer(0);
  await first;
  await end.answer(1);
  expect(end.asked()).toEqual([0, 10]);

  const torn = asking();
  const bad = torn.ahead.next(at(0), 0);
  await torn.answer(0, { kind: 'torn', expected: 1, got: 0 });
  expect(await bad).toMatchObject({ kind: 'torn' });
  expect(torn.asked()).toEqual([0]);
});

test('who stands elsewhere asks anew, and what was on its way is ended', async () => {
  const { ahead, requests, answer, asked } = asking();
  const first = ahead.next(at(0), 0);
  await answer(0);
  await first;
  await answer(1);
  const again = ahead.next(at(0, 2), 0);
  expect(asked()).toEqual([0, 10, 20, 0]);
  expect(requests.map(({ signal }) => signal.aborted)).toEqual([false, true, true, false]);
  await answer(3);
  expect(await again).toMatchObject({ parts: [{ epoch: 2 }] });
});

test('a page that did not come is told once it is wanted, and is asked for again after that', async () => {
  const { ahead, requests, answer, asked, ending } = asking();
  const first = ahead.next(at(0), 0);
  await answer(0);
  await first;
  const [, second] = requests;
  second?.signal.dispatchEvent(new Event('abort'));
  await turn();
  await expect(ahead.next(at(10), 0)).rejects.toThrow('cut');
  const again = ahead.next(at(10), 0);
  expect(asked()).toEqual([0, 10, 10]);
  ending.abort();
  await expect(again).rejects.toThrow('cut');
});
