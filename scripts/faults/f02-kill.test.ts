import { expect, test } from 'vitest';
import { compare, type Found } from './f02-kill.ts';

const save = { invoice: 'i', field: 'poNumber', value: 'P-2', opId: 'op-2', acknowledged: true };
const sent = { documents: [{ sha256: 'd', acknowledged: true }], saves: [save] };
const found: Found = {
  documents: new Map([['d', 1]]),
  operations: new Map([['op-2', 1]]),
  values: new Map([['i/poNumber', 'P-2']]),
};
const good = { lostSaves: 0, repeatedSaves: 0, lostDocuments: 0, repeatedDocuments: 0 };

test('what is there once is good', () => expect(compare(sent, found)).toEqual(good));

test.each([
  ['a save that is gone', { ...found, operations: new Map() }, { lostSaves: 1 }],
  ['a save without effect', { ...found, values: new Map([['i/poNumber', 'P-1']]) }, { lostSaves: 1 }],
  ['an operation twice', { ...found, operations: new Map([['op-2', 2]]) }, { repeatedSaves: 1 }],
  ['a document that is gone', { ...found, documents: new Map() }, { lostDocuments: 1 }],
  ['a document twice', { ...found, documents: new Map([['d', 2]]) }, { repeatedDocuments: 1 }],
])('planted: %s is seen', (_name, planted, seen) => {
  expect(compare(sent, planted)).toEqual({ ...good, ...seen });
});

test('what was never acknowledged may be missing', () => {
  const unsent = { ...sent, saves: [{ ...save, acknowledged: false }] };
  expect(compare(unsent, { ...found, operations: new Map(), values: new Map() })).toEqual(good);
});
