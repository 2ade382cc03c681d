import { expect, test } from 'vitest';
import { createArchive } from '../archive/invoices.ts';
import { createRandom } from '../random.ts';
import { archiveSeed } from './desks.ts';

const idsOf = (seed: number): string[] => {
  const archive = createArchive(seed);
  return [archive.next(), archive.next()].flatMap(({ ops }) => ops.map((op) => op.op_id));
};

test('two runs of one seed at one site write other operations, and at two sites the same', () => {
  const site = {};
  const [first, again] = [archiveSeed(site, createRandom(4)), archiveSeed(site, createRandom(4))];
  const ids = [...idsOf(first), ...idsOf(again)];
  expect(new Set(ids).size).toBe(ids.length);
  expect(archiveSeed({}, createRandom(4))).toBe(first);
});
