/** Conflicts and duplicates as the screens settle them, over HTTP. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Counters } from '../core/contract/http.ts';
import type { Invoice } from '../core/contract/invoice.ts';
import type { ConflictDetail, ConflictRow, DuplicatePair } from '../core/contract/settling-http.ts';
import { invoicePdf } from './testing.ts';
import { correctionOf, startClient, type TestClient, until } from './testing-client.ts';

let client: TestClient;
beforeAll(async () => {
  client = await startClient();
});
afterAll(async () => {
  await client.close();
});

/** Of another amount than the others: those are no duplicates. */
const taken = async (number: string): Promise<Invoice> => {
  const lines = [{ description: 'Paper', quantity: Number(number.slice(2)), price: 4_130 }];
  const bytes = await invoicePdf({ number, lines });
  return client.read(await client.takeOne(`${number}.pdf`, bytes));
};
const post = async (path: string, json: object) => client.request(path, { json });
const conflictsOf = async (id: string): Promise<ConflictDetail[]> =>
  (await client.request(`/api/v1/invoices/${id}/conflicts`)).json<{ items: ConflictDetail[] }>().items;
interface Listed {
  readonly items: ConflictRow[];
  readonly totals: { readonly cells: number; readonly invoices: number };
}
const listed = async (): Promise<Listed> => (await client.request('/api/v1/conflicts')).json<Listed>();
const counters = async (): Promise<Counters> =>
  (await client.request('/api/v1/status')).json<{ counters: Counters }>().counters;

/** Two who did not see each other. */
async function torn(number: string): Promise<{ seen: Invoice; id: string }> {
  const seen = await taken(number);
  await client.correct(seen.id, [correctionOf(seen, 'netTotal', '1071')]);
  await client.correct(seen.id, [correctionOf(seen, 'netTotal', '1072')]);
  return { seen, id: seen.id };
}
const settle = (id: string, { parents }: ConflictDetail, value: string, opId: string = randomUUID()) => ({
  opId,
  reply: client.correct(id, [
    { entity: { type: 'invoice', id }, field: 'netTotal', value, parents, opId, reason: 'checked', source: 'manual' },
  ] as never),
});

test('a conflict is told with all that a person needs, settled by naming all of it, and taken back', async () => {
  const { id, seen } = await torn('S-1');
  const [detail, ...more] = await conflictsOf(id);
  expect(more).toEqual([]);
  const { revision } = (await client.request(`/api/v1/invoices/${id}/conflicts`)).json<{ revision: number }>();
  expect(revision).toBe((await client.invoice(id)).revision);
  if (detail === undefined) throw new Error('no conflict');
  expect(detail.sides.map(({ value, said }) => [value, said.length])).toEqual([
    ['1071', 1],
    ['1072', 1],
  ]);
  const { header } = seen;
  expect(detail.read).toMatchObject({ value: header.netTotal?.value, confidence: header.netTotal?.confidence });
  expect(detail.base).toMatchObject({ value: header.netTotal?.value, read: true });
  expect(detail.place).toEqual({ page: header.netTotal?.page, box: header.netTotal?.box });
  expect(detail.sides[0]?.said[0]).toMatchObject({ putBackBy: null, device: expect.stringMatching(/^[0-9a-f-]{36}$/) });

  const { items, totals } = await listed();
  expect(totals).toEqual({ cells: 1, invoices: 1 });
  expect(items).toMatchObject([{ invoice: id, field: 'netTotal', kind: 'values', invoiceNumber: 'S-1' }]);
  expect((await counters()).conflicts).toBe(1);

  const { opId, reply } = settle(id, detail, '1072');
  expect((await reply).json<Invoice>().header.netTotal).toMatchObject({ value: '1072' });
  expect(await conflictsOf(id)).toEqual([]);
  expect((await listed()).totals.cells).toBe(0);

  const wish = { settled: opId, opIds: [randomUUID(), randomUUID()] };
  const back = await post(`/api/v1/invoices/${id}/conflicts/unsettle`, wish);
  expect(
    back
      .json<Invoice>()
      .header.netTotal?.conflict?.map(({ value }) => value)
      .toSorted(),
  ).toEqual(['1071', '1072']);
  // Sent again it is the same answer.
  expect((await post(`/api/v1/invoices/${id}/conflicts/unsettle`, wish)).status).toBe(200);
  const [again] = await conflictsOf(id);
  expect(again?.sides.map(({ said }) => said[0]?.op).length).toBe(2);
  expect(again?.sides.every(({ said }) => said[0]?.putBackBy !== null)).toBe(true);
  const third = { settled: opId, opIds: [randomUUID(), randomUUID()] };
  expect((await post(`/api/v1/invoices/${id}/conflicts/unsettle`, third)).json()).toMatchObject({ code: 'conflict' });
  if (again !== undefined) await settle(id, again, '1071').reply;
});

test('what came in meanwhile is not overwritten by a settlement that had not seen it', async () => {
  const { id, seen } = await torn('S-2');
  const [detail] = await conflictsOf(id);
  if (detail === undefined) throw new Error('no conflict');
  await client.correct(id, [correctionOf(seen, 'netTotal', '1073')]);
  const after = (await settle(id, detail, '1071').reply).json<Invoice>();
  expect(after.header.netTotal?.conflict?.map(({ value }) => value).toSorted()).toEqual(['1071', '1073']);
  const [again] = await conflictsOf(id);
  if (again !== undefined) await settle(id, again, '1071').reply;
});

test('a row that one deleted and another edited stays or goes, and both are taken back', async () => {
  const seen = await taken('S-3');
  const [line] = seen.lines;
  if (line === undefined) throw new Error('no line');
  const parents = Object.values(line.cells).flatMap((cell) => cell.parents);
  const edit = {
    entity: { type: 'line', id: line.id },
    field: 'description',
    value: 'Paper, edited',
    parents: line.cells.description?.parents ?? [],
    opId: randomUUID(),
  };
  await post(`/api/v1/invoices/${seen.id}/lines/${line.id}/delete`, { opId: randomUUID(), parents });
  await client.correct(seen.id, [edit]);
  for (const keep of [true, false]) {
    const [detail, ...more] = await conflictsOf(seen.id);
    expect(more).toEqual([]);
    expect(detail?.kind).toBe('deleted');
    expect(detail?.sides.map(({ keeps }) => keeps)).toEqual([false, true]);
    expect(detail?.row?.cells['description']).toBe('Paper, edited');
    const opId = randomUUID();
    const entity = { type: 'line', id: line.id };
    const wish = { opId, entity, keep, parents: detail?.parents, reason: 'looked' };
    const after = (await post(`/api/v1/invoices/${seen.id}/conflicts/row`, wish)).json<Invoice>();
    expect(after.lines.some(({ id }) => id === line.id)).toBe(keep);
    expect(after.conflicts).toBeUndefined();
    const back = { settled: opId, opIds: [randomUUID(), randomUUID()] };
    const torn2 = (await post(`/api/v1/invoices/${seen.id}/conflicts/unsettle`, back)).json<Invoice>();
    expect(torn2.lines.find(({ id }) => id === line.id)?.deleteConflict).toBe(true);
  }
});

const pairsOf = async (id: string): Promise<DuplicatePair[]> =>
  (await client.request(`/api/v1/invoices/${id}/duplicates`)).json<{ items: DuplicatePair[] }>().items;
interface ListedPairs {
  readonly items: DuplicatePair[];
  readonly total: number;
}
const waiting = async (): Promise<ListedPairs> => (await client.request('/api/v1/duplicates')).json<ListedPairs>();

async function twins(number: string): Promise<readonly [Invoice, Invoice]> {
  // Nothing else is like them.
  const vendor = `Twice Tiles ${number} Ltd`;
  const lines = [{ description: 'Tiles', quantity: Number(number.slice(2)), price: 7_130 }];
  const one = await client.read(await client.takeOne('t1.pdf', await invoicePdf({ number, vendor, lines })));
  const again = await invoicePdf({ number, vendor, lines, pages: 2 });
  const other = await client.read(await client.takeOne('t2.pdf', again));
  // The suspicion comes into the log.
  const linked = await until('the suspicion', async () => {
    const now = await client.invoice(other.id);
    return now.duplicates?.some(({ kind }) => kind === 'suspected') === true ? now : undefined;
  });
  return [await client.invoice(one.id), linked];
}

test('one of two is closed and points to the other, until it is opened again', async () => {
  const [one, two] = await twins('T-1');
  expect(await waiting()).toMatchObject({ total: 1, items: [{ invoice: { id: two.id }, other: { id: one.id } }] });
  expect((await counters()).suspects).toBe(1);
  expect(await pairsOf(two.id)).toMatchObject([{ why: 'same-values', link: { kind: 'suspected', other: one.id } }]);
  const wish = { opId: randomUUID(), kept: one.id, digest: two.digest, reason: 'sent twice' };
  const closed = (await post(`/api/v1/invoices/${two.id}/duplicates/merge`, wish)).json<Invoice>();
  expect(closed).toMatchObject({
    state: 'duplicate',
    duplicates: [{ other: one.id, kind: 'merged', reason: 'sent twice' }],
  });
  expect((await waiting()).total).toBe(0);
  // From the other side, too, the closed one is the closed one.
  expect(await pairsOf(one.id)).toMatchObject([
    { invoice: { id: two.id }, other: { id: one.id }, link: { kind: 'merged' } },
  ]);
  const into = { opId: randomUUID(), kept: two.id, digest: one.digest };
  expect((await post(`/api/v1/invoices/${one.id}/duplicates/merge`, into)).json()).toMatchObject({
    code: 'not_allowed',
  });
  const open = (await client.transition(closed, 'received')).json<Invoice>();
  expect(open.duplicates).toMatchObject([{ kind: 'suspected' }]);
  expect(await waiting()).toMatchObject({ total: 1 });
  // What somebody else changed meanwhile is looked at first.
  const stale = { opId: randomUUID(), kept: one.id, digest: two.digest };
  expect((await post(`/api/v1/invoices/${two.id}/duplicates/merge`, stale)).json()).toMatchObject({ code: 'stale' });
  const digest = (await client.invoice(two.id)).digest;
  await post(`/api/v1/invoices/${two.id}/duplicates/merge`, { opId: randomUUID(), kept: one.id, digest });
});

test('two that are two say so on both, with a reason, until somebody asks again', async () => {
  const [one, two] = await twins('T-2');
  const before = (await waiting()).total;
  const opIds = [randomUUID(), randomUUID()];
  const path = `/api/v1/invoices/${two.id}/duplicates/not`;
  expect((await post(path, { opIds, other: one.id, not: true })).status).toBe(400);
  const wish = { opIds, other: one.id, not: true, reason: 'a second delivery' };
  const apart = (await post(path, wish)).json<Invoice>();
  expect(apart.findings.filter(({ code }) => code.startsWith('DUPLICATE'))).toEqual([]);
  expect((await post(path, wish)).json<Invoice>().revision).toBe(apart.revision);
  const other = await client.invoice(one.id);
  expect(other.duplicates).toMatchObject([{ kind: 'not', other: two.id, reason: 'a second delivery' }]);
  expect(other.findings.filter(({ code }) => code.startsWith('DUPLICATE'))).toEqual([]);
  expect((await waiting()).total).toBe(before - 1);
  await post(path, { opIds: [randomUUID(), randomUUID()], other: one.id, not: false });
  expect((await waiting()).total).toBe(before);
  expect((await client.invoice(two.id)).duplicates).toMatchObject([{ kind: 'suspected' }]);
});

test('who takes back what they said themselves leaves what another said of the same two', async () => {
  const [one, two] = await twins('T-3');
  const path = `/api/v1/invoices/${two.id}/duplicates/not`;
  const [mine, theirs] = [
    [randomUUID(), randomUUID()],
    [randomUUID(), randomUUID()],
  ];
  for (const opIds of [mine, theirs]) await post(path, { opIds, other: one.id, not: true, reason: 'looked' });
  const back = { opIds: [randomUUID(), randomUUID()], other: one.id, not: false, of: mine };
  expect((await post(path, back)).status).toBe(200);
  for (const { id } of [one, two]) expect((await client.invoice(id)).duplicates).toMatchObject([{ kind: 'not' }]);
  const again = { ...back, opIds: [randomUUID(), randomUUID()] };
  expect((await post(path, again)).json()).toMatchObject({ code: 'conflict' });
  await post(path, { ...again, of: theirs });
  expect((await client.invoice(two.id)).duplicates).toMatchObject([{ kind: 'suspected' }]);
});

const settleRow = async (id: string, line: string, parents: readonly string[], keep = false) => {
  const wish = { opId: randomUUID(), entity: { type: 'line', id: line }, keep, parents };
  return (await post(`/api/v1/invoices/${id}/conflicts/row`, wish)).json<{ code: string }>();
};

test('a row that nobody disputes is not settled, nor one that somebody has changed since', async () => {
  const seen = await taken('S-5');
  const [line] = seen.lines;
  if (line === undefined) throw new Error('no line');
  const parents = [...new Set(Object.values(line.cells).flatMap((cell) => cell.parents))];
  const cell = (value: string) => ({
    entity: { type: 'line', id: line.id },
    field: 'description',
    value,
    parents: line.cells.description?.parents ?? [],
    opId: randomUUID(),
  });
  await client.correct(seen.id, [cell('One')]);
  await client.correct(seen.id, [cell('Two')]);
  const [torn2] = await conflictsOf(seen.id);
  if (torn2 === undefined) throw new Error('no conflict');
  // Two values of a cell: of the row itself nothing is disputed.
  expect(await settleRow(seen.id, line.id, torn2.parents)).toMatchObject({ code: 'conflict' });
  expect(await settleRow(seen.id, randomUUID(), torn2.parents)).toMatchObject({ code: 'conflict' });

  await post(`/api/v1/invoices/${seen.id}/lines/${line.id}/delete`, { opId: randomUUID(), parents });
  const disputed = (await conflictsOf(seen.id)).find(({ kind }) => kind === 'deleted');
  if (disputed === undefined) throw new Error('no dispute');
  await client.correct(seen.id, [cell('Three')]);
  expect(await settleRow(seen.id, line.id, disputed.parents)).toMatchObject({ code: 'conflict' });
  const now = (await conflictsOf(seen.id)).find(({ kind }) => kind === 'deleted');
  expect(await settleRow(seen.id, line.id, now?.parents ?? [])).toMatchObject({ id: seen.id });
});

test('what was exported stands as it went out: no row of it goes, and no settlement before it is taken back', async () => {
  const { id } = await torn('S-6');
  const [detail] = await conflictsOf(id);
  if (detail === undefined) throw new Error('no conflict');
  const { opId, reply } = settle(id, detail, '1072');
  const settled = (await reply).json<Invoice>();
  const wish = { opId: randomUUID(), to: 'confirmed', digest: settled.digest, reason: 'as on the page' };
  const confirmed = (await post(`/api/v1/invoices/${id}/transitions`, wish)).json<Invoice>();
  expect(confirmed.state).toBe('approved');
  await post('/api/v1/exports', { format: 'json', invoices: [id], batchId: randomUUID() });
  const exported = await client.invoice(id);
  expect(exported.state).toBe('exported');
  const [line] = exported.lines;
  expect(await settleRow(id, line?.id ?? '', detail.parents)).toMatchObject({ code: 'conflict' });
  const back = { settled: opId, opIds: [randomUUID(), randomUUID()] };
  const undone = await post(`/api/v1/invoices/${id}/conflicts/unsettle`, back);
  expect(undone.json()).toMatchObject({ code: 'not_allowed' });
  expect((await client.invoice(id)).revision).toBe(exported.revision);
});

const merge = (closed: Invoice, kept: Invoice) =>
  post(`/api/v1/invoices/${closed.id}/duplicates/merge`, {
    opId: randomUUID(),
    kept: kept.id,
    digest: closed.digest,
  });

test('of two that are closed into each other at the same moment one stays', async () => {
  const [one, two] = await twins('T-6');
  const replies = await Promise.all([merge(one, two), merge(two, one)]);
  expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
  const states = [await client.invoice(one.id), await client.invoice(two.id)].map(({ state }) => state);
  expect(states.toSorted()).toEqual(['duplicate', 'received']);
  // Whoever stays is judged again: it looks like nothing else any more.
  const kept = states[0] === 'received' ? one : two;
  await until('it is judged', async () => {
    const { findings } = await client.invoice(kept.id);
    return findings.some(({ code }) => code.startsWith('DUPLICATE')) ? undefined : true;
  });
});

test('a place in the list of conflicts that is none is refused', async () => {
  for (const after of ['%00', 'x'.repeat(30)])
    expect((await client.request(`/api/v1/conflicts?after=${after}`)).status).toBe(400);
  expect((await client.request(`/api/v1/conflicts?after=${randomUUID()}`)).status).toBe(200);
});
