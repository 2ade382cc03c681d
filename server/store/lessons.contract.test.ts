/** What every store has to keep of vendors' lessons. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Lesson } from '../../core/memory/lesson.ts';
import { lessonId } from '../../core/memory/ids.ts';
import { lessonAppliedOp, lessonForgottenOp, lessonLearnedOp, lessonRestoredOp } from '../../core/sync/drafts.ts';
import { sha256 } from './audit.ts';
import type { Store } from './store.ts';
import { author, implementations, type Made, newId, NOTHING } from './testing-stores.ts';

const ids = (list: readonly { id: string }[]): string[] => list.map((item) => item.id);

const lesson = (vendorName: string, invoice: string, keys: readonly string[]): Lesson => ({
  v: 1,
  vendorName,
  invoice,
  document: 'd',
  keys: keys.map((key) => ({ key })),
  print: [['total', 10, 20]],
  style: { mark: ',' },
  rates: ['19'],
  fields: { invoiceNumber: { value: 'A-1', was: null, by: 'corrected', spots: [] } },
});

const idOf = (vendor: string, invoice: string): string => lessonId(sha256, vendor, invoice);
const learned = (vendor: string, content: Lesson) =>
  lessonLearnedOp(author(), vendor, idOf(vendor, content.invoice), content);

describe.each(Object.keys(implementations))('lessons: %s', (name) => {
  let made: Made;
  let store: Store;
  beforeEach(async () => {
    made = await (implementations[name] as () => Promise<Made>)();
    ({ store } = made);
  });
  afterEach(() => made.cleanUp());

  test('what no text of a database holds keeps no lesson from being found, and what only looks like it stays', async () => {
    const acme = newId();
    const one = idOf(acme, 'i\0');
    const value = String.raw`C:\u0000`;
    const odd = lesson('A\0cme', 'i\0', ['tax:DE1']);
    const content = { ...odd, fields: { invoiceNumber: { value, was: null, by: 'corrected' as const, spots: [] } } };
    const used = lessonAppliedOp(author(), acme, { invoice: 'i\0', lessons: [one], right: [], wrong: [] });
    expect((await store.commit({ ...NOTHING, ops: [learned(acme, content), used] })).kind).toBe('ok');
    const { lessons } = await store.lessonsByKeys(['tax:DE1']);
    expect(lessons.map((found) => found.lesson.fields.invoiceNumber?.value)).toEqual([value]);
  });

  test('lessons are found by their keys, forgotten, restored and made again from the log', async () => {
    const [acme, other] = [newId(), newId()];
    const [one, two, three] = [idOf(acme, 'i1'), idOf(acme, 'i2'), idOf(other, 'i3')];
    const ops = [
      learned(acme, lesson('Acme', 'i1', ['tax:DE1', 'web:acme.example', 'tax:BUYER'])),
      learned(acme, lesson('Acme', 'i2', ['tax:DE1', 'tax:BUYER'])),
      learned(other, lesson('Other', 'i3', ['tax:DE9', 'tax:BUYER'])),
      lessonAppliedOp(author(), acme, {
        invoice: 'i2',
        lessons: [one],
        right: ['invoiceNumber', 'grossTotal'],
        wrong: ['dueDate'],
      }),
    ];
    expect((await store.commit({ ...NOTHING, ops })).kind).toBe('ok');
    const found = await store.lessonsByKeys(['tax:DE1', 'web:acme.example', 'tax:BUYER', 'line:unknown']);
    expect(ids(found.lessons)).toEqual([one, two, three]);
    expect(found.vendorsOf).toEqual({ 'tax:DE1': 1, 'web:acme.example': 1, 'tax:BUYER': 2 });
    expect(await store.lessonsByKeys([])).toEqual({ lessons: [], vendorsOf: {} });
    expect(await store.lessonsByKeys(['tax:DE404'])).toEqual({ lessons: [], vendorsOf: {} });
    expect(ids(await store.lessonsFrom('i3'))).toEqual([three]);

    // Learned again from the same invoice: the newest counts, and the keys it had are gone.
    await store.commit({ ...NOTHING, ops: [learned(acme, lesson('Acme GmbH', 'i1', ['tax:DE1']))] });
    expect((await store.lessonsByKeys(['web:acme.example'])).lessons).toEqual([]);

    const field = { type: 'lessonField' as const, id: `${two}/invoiceNumber` };
    const forget = lessonForgottenOp(author(), acme, { type: 'lesson', id: one }, []);
    await store.commit({ ...NOTHING, ops: [forget, lessonForgottenOp(author(), acme, field, [])] });
    expect(ids((await store.lessonsByKeys(['tax:DE1'])).lessons)).toEqual([two]);
    const state = async () =>
      (await store.lessonsOf(acme)).map(({ id, forgotten, forgottenFields }) => ({ id, forgotten, forgottenFields }));
    const forgotten = [
      { id: one, forgotten: true, forgottenFields: [] },
      { id: two, forgotten: false, forgottenFields: ['invoiceNumber'] },
    ];
    expect(new Set(await state())).toEqual(new Set(forgotten));
    expect(await store.learntVendors()).toMatchObject([
      { vendor: acme, lessons: 2, active: 1, uses: 1, right: 2, wrong: 1 },
      { vendor: other, name: 'Other', lessons: 1, active: 1, uses: 0 },
    ]);

    // The log alone gives the same.
    const before = await store.lessonsOf(acme);
    await store.rebuildHeads();
    expect(await store.lessonsOf(acme)).toEqual(before);

    await store.commit({
      ...NOTHING,
      ops: [lessonRestoredOp(author(), acme, { type: 'lesson', id: one }, [forget.op_id])],
    });
    expect((await state()).find(({ id }) => id === one)?.forgotten).toBe(false);
    expect((await store.verifyAudit()).problems).toEqual([]);
    made = await made.reopen();
    store = made.store;
    expect(await store.lessonsOf(acme)).toHaveLength(2);
  });
});
