/** Changes by a person who looked before the station's work was written again under another device. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Correction } from '../core/contract/http.ts';
import type { Invoice } from '../core/contract/invoice.ts';
import { createArchive } from '../scripts/archive/invoices.ts';
import { takeIn } from '../scripts/archive/take-in.ts';
import { openTestStation, type TestStation } from './enrol/testing-enrol.ts';
import type { OpenStore } from './open-store.ts';
import { correctionOf, until } from './testing-client.ts';

let desk: TestStation;
let opened: OpenStore;
beforeAll(async () => {
  desk = await openTestStation({ between: (real) => (opened = real) });
  await desk.station.start({ watch: false });
});
afterAll(() => desk.close());

const correction = (seen: Invoice, value: string): Correction =>
  Correction.parse(correctionOf(seen, 'poNumber', value));

test('a change over what was written again since stands over it', async () => {
  const { model, review, store } = desk.station.context;
  const id = await takeIn(desk.station.context, createArchive(7));
  await until('the invoice', async () => (await store.invoice(id))?.reading ?? undefined);
  const before = await review.correct(id, [correction(await model.invoice(id), 'P-1')]);
  const [line, other] = before.lines;
  if (line === undefined || other === undefined) throw new Error('no lines');
  const parents = line.cells['description']?.parents ?? [];
  const entity = { type: 'line', id: line.id };
  const ofLine = Correction.parse({ ...correction(before, 'by hand'), entity, field: 'description', parents });
  const seen = await review.correct(id, [ofLine]);
  const ofOther = [...new Set(Object.values(other.cells).flatMap((cell) => cell.parents))];

  await opened.link.renewDevice();
  expect(await opened.sync.reissue()).toBeGreaterThan(0);
  const now = new Set((await store.opsOf(id)).map(({ body }) => body.op_id));
  expect(ofOther.some((op) => now.has(op))).toBe(false);

  const after = await review.correct(id, [correction(seen, 'P-2')]);
  expect(after.header.poNumber).toMatchObject({ value: 'P-2' });
  expect(after.header.poNumber?.conflict).toBeUndefined();
  // The reading has another id by now, and its rows are those of before, with what was done to them.
  expect(after.lines.map((one) => one.id)).toEqual(seen.lines.map((one) => one.id));
  expect(after.lines.find((one) => one.id === line.id)?.cells['description']?.value).toBe('by hand');
  const { lines } = await review.deleteLine(id, other.id, { opId: randomUUID(), parents: ofOther });
  expect(lines.map((one) => one.id)).not.toContain(other.id);
  expect((await store.opsOf(id)).at(-1)?.body.parents.every((op) => now.has(op))).toBe(true);

  // Once more: rows are still called by what the reading was called first.
  await opened.link.renewDevice();
  await opened.sync.reissue();
  const shown = lines.map((one) => one.id);
  const again = await until('the invoice as it is written now', async () => {
    const found = await model.invoice(id);
    return found.header.poNumber?.parents.some((op) => now.has(op)) === false ? found : undefined;
  });
  expect(again.lines.map((one) => one.id)).toEqual(shown);
  expect((await review.correct(id, [correction(again, 'P-3')])).header.poNumber).toMatchObject({ value: 'P-3' });
});

test('what was never of the invoice is still refused', async () => {
  const { model, review, store } = desk.station.context;
  const id = await takeIn(desk.station.context, createArchive(8));
  await until('the invoice', async () => (await store.invoice(id))?.reading ?? undefined);
  const wrong = { ...correction(await model.invoice(id), 'P-3'), parents: [randomUUID()] };
  await expect(review.correct(id, [wrong])).rejects.toMatchObject({ code: 'bad_request' });
});
