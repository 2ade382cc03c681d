import { expect, test, vi } from 'vitest';
import type { Correction } from '../../core/contract/http.ts';
import type { Cell, Invoice } from '../../core/contract/invoice.ts';
import type { Client } from '../api.ts';
import { t } from '../text.ts';
import { EMPTY_CELL } from './cells.ts';
import { type ControlDeps, createReviewControl } from './control.ts';
import { createReviewStore } from './review-store.ts';

const ID = '0190a000-0000-7000-8000-000000000001';
const KEY = `invoice:${ID}:grossTotal`;
const heads = ['100', '120'].map((value, i) => ({ op: `h${i}`, value, actor: `user:${i}`, at: String(i) }));
const torn: Cell = { ...EMPTY_CELL, value: '120', parents: ['h0', 'h1'], conflict: heads, actor: 'user:1' };

/** An invoice with this one cell, at a station. */
async function open(cell: Cell) {
  let kept = {
    id: ID,
    revision: 2,
    state: 'received',
    status: 'exception',
    document: { sha256: '', name: 'a.pdf', mime: '', size: 1 },
    reading: null,
    header: { grossTotal: cell },
    lines: [],
    taxRows: [],
    findings: [],
    attention: [],
    digest: 'd',
    judged: null,
  } as unknown as Invoice;
  const sent: unknown[] = [];
  const put = (next: Cell) => {
    kept = { ...kept, revision: kept.revision + 1, header: { grossTotal: next } };
    return Promise.resolve(structuredClone(kept));
  };
  const client = {
    getInvoice: () => Promise.resolve(structuredClone(kept)),
    getHistory: () => Promise.resolve({ entries: [] }),
    correctFields: ({ body: { corrections } }: { body: { corrections: Correction[] } }) => {
      sent.push(...corrections.map(({ value, parents }) => ({ value, parents })));
      const [last] = corrections;
      return put({ ...EMPTY_CELL, value: last?.value ?? null, parents: [last?.opId ?? ''], actor: 'me' });
    },
    transition: ({ body: { to, digest } }: { body: { to: string; digest: string } }) => {
      sent.push({ to, digest });
      kept = { ...kept, state: to as Invoice['state'], digest: `${digest}+${to}` };
      return put(kept.header.grossTotal ?? cell);
    },
    unsettle: ({ body }: { body: unknown }) => {
      sent.push(body);
      return put(torn);
    },
  } as unknown as Client;
  let ids = 0;
  const newId = () => `id${(ids += 1)}`;
  const said: string[] = [];
  const review = createReviewStore({
    client,
    newId,
    now: () => '',
    actor: () => 'me',
    judge: (seen) => seen,
    onRefused: (message) => said.push(message),
    wordsOf: String,
    waitsFor: () => undefined,
    maySend: () => true,
  });
  const app = {
    getState: () => ({ status: { place: 'station', actor: 'me' }, me: null }),
    say: (text: string) => said.push(text),
    announce: () => undefined,
  };
  const control = createReviewControl({
    app,
    review,
    newId,
    documents: { phrases: () => [] },
  } as unknown as ControlDeps);
  await review.open(ID);
  return { review, control, sent, said, put };
}

test('taking a settlement back puts both sides back, and settles nothing for the other one', async () => {
  const { review, control, sent } = await open(torn);
  control.settleConflict(KEY, '100');
  await review.settled(ID);
  expect(sent).toEqual([{ value: '100', parents: ['h0', 'h1'] }]);
  await control.reverse('undo');
  await review.settled(ID);
  expect(sent.at(-1)).toEqual({ settled: 'id1', opIds: ['id2', 'id3'] });
  await control.reverse('redo');
  await review.settled(ID);
  expect(sent.at(-1)).toEqual({ value: '100', parents: ['h0', 'h1'] });
  await control.reverse('undo');
  await review.settled(ID);
  expect(sent.at(-1)).toMatchObject({ settled: 'id4' });
});

test('choosing the value that is shown is a settlement, too', async () => {
  const { review, control, sent } = await open(torn);
  control.settleConflict(KEY, '120');
  await control.reverse('undo');
  await review.settled(ID);
  expect(sent.at(-1)).toMatchObject({ settled: 'id1' });
});

test('an edit that somebody has written over stays as it is, and that is said', async () => {
  const { review, control, sent, said, put } = await open({ ...EMPTY_CELL, value: '100', parents: ['r'] });
  control.set(KEY, '120', undefined);
  await review.settled(ID);
  await put({ ...EMPTY_CELL, value: '130', parents: ['theirs'], actor: 'user:2' });
  await review.open(ID);
  await control.reverse('undo');
  await review.settled(ID);
  expect(sent).toEqual([{ value: '120', parents: ['r'] }]);
  expect(said).toEqual([expect.stringContaining(t('ui.undo.moved', { what: '' }).slice(0, 20))]);
  expect(review.getState()).toMatchObject({ undo: [], redo: [] });
});

test('what was typed before the other value came follows what its author saw, also where the own one is shown', async () => {
  const mine: Cell = { ...EMPTY_CELL, value: '100', parents: ['h0'], actor: 'me' };
  const { review, control, sent, put } = await open(mine);
  review.typed(KEY, '130');
  await put({ ...torn, value: '100', actor: 'me', conflict: [{ ...heads[0]!, actor: 'me' }, heads[1]!] });
  await review.open(ID);
  control.commitDraft(KEY);
  await review.settled(ID);
  expect(sent).toEqual([{ value: '130', parents: ['h0'] }]);
});

test('text that was left in another invoice keeps nobody from deciding about this one', async () => {
  const { review, control } = await open({ ...EMPTY_CELL, value: '100', parents: ['r'] });
  const elsewhere = 'invoice:0190a000-0000-7000-8000-000000000002:grossTotal';
  review.setState({ drafts: { [elsewhere]: 'no number' } });
  const decided: string[] = [];
  vi.spyOn(review, 'execute').mockImplementation((_id, command) => {
    if (command.kind === 'transition') decided.push(command.to);
  });
  await control.transition('rejected', 'twice');
  expect(decided).toEqual(['rejected']);
  expect(review.getState().drafts).toEqual({ [elsewhere]: 'no number' });
});

test('a decision is taken back as it was made; what others have done since is not taken back with it', async () => {
  const { review, control, sent, said } = await open({ ...EMPTY_CELL, value: '100', parents: ['r'] });
  await control.transition('rejected', 'twice');
  await control.reverse('undo');
  await review.settled(ID);
  await control.reverse('redo');
  await review.settled(ID);
  const [first, back, again] = ['d', 'd+rejected', 'd+rejected+received'];
  expect(sent).toEqual([
    { to: 'rejected', digest: first },
    { to: 'received', digest: back },
    { to: 'rejected', digest: again },
  ]);
  const doc = review.current()!;
  const theirs = { ...doc.server, digest: 'somebody decided anew' };
  review.setState({ docs: { [ID]: { ...doc, server: theirs, shown: theirs } } });
  await control.reverse('undo');
  await review.settled(ID);
  expect(sent).toHaveLength(3);
  expect(said.at(-1)).toContain(t('ui.undo.moved', { what: '' }).slice(0, 20));
});
