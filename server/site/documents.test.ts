import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMetrics, type Metrics } from '../metrics.ts';
import { openDocuments } from './documents.ts';
import { type SitePlace, sitePlace } from './testing.ts';

const DAY_MS = 24 * 3_600_000;
let place: SitePlace;
let metrics: Metrics;
let blobs: string;

beforeEach(async () => {
  place = await sitePlace();
  metrics = createMetrics(async () => ({ waiting: 0, running: 0, dead: 0 }));
  blobs = join(place.folder, 'data', 'site', 'blobs');
});
afterEach(() => {
  metrics.close();
  place.cleanUp();
});
const open = (writer: string) => openDocuments(place.config(undefined), metrics, writer);

test('a folder that cannot be made is tried again', async () => {
  mkdirSync(blobs, { recursive: true });
  writeFileSync(join(blobs, 'main'), 'in the way');
  const documents = await open('one');
  await expect(documents.of('main')).rejects.toThrow('main');
  rmSync(join(blobs, 'main'));
  expect((await (await documents.of('main')).put(Buffer.from('a'))).size).toBe(1);
  await documents.close();
});

test('no start leaves a folder behind: its own goes at the end, those of killed ones after a day', async () => {
  const folder = join(blobs, 'main');
  const age = (name: string, ms: number): void => {
    const at = new Date(Date.now() - ms);
    mkdirSync(join(folder, name), { recursive: true });
    utimesSync(join(folder, name), at, at);
  };
  age('incoming-killed', 2 * DAY_MS);
  age('incoming-other', DAY_MS / 2);
  age('ab', 2 * DAY_MS);
  const documents = await open('one');
  await documents.of('main');
  expect(readdirSync(folder).toSorted()).toEqual(['ab', 'incoming-one', 'incoming-other']);
  // One that lives for long and writes nothing is not taken for a killed one.
  age('incoming-one', 2 * DAY_MS);
  await documents.tidy(['main']);
  const second = await open('two');
  await second.of('main');
  expect(existsSync(join(folder, 'incoming-one'))).toBe(true);
  await documents.close();
  await second.close();
  expect(readdirSync(folder).toSorted()).toEqual(['ab', 'incoming-other']);
});
