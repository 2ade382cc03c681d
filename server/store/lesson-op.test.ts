import { drizzle } from 'drizzle-orm/better-sqlite3';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lessonId } from '../../core/memory/ids.ts';
import type { Lesson } from '../../core/memory/lesson.ts';
import { tick } from '../../core/sync/hlc.ts';
import { sha256 } from './audit.ts';
import type { LessonOp } from './lesson-op.ts';
import { type Connections, createConnections } from './postgres/connection.ts';
import { lessonStatements } from './postgres/lesson-rows.ts';
import { lessonsByKeys } from './postgres/lessons.ts';
import { createLessons } from './sqlite/lessons.ts';
import { openForWriting } from './sqlite/open.ts';
import { newSite, postgres, sharedDatabase } from './testing-postgres.ts';

const VENDOR = 'v';
/** Longer than an index takes, and nothing makes it shorter: a word of a page may be. */
const LONG = `web:${randomBytes(4_000).toString('hex')}.example`;
const learned = (op: string, ms: number, invoice: string, vendorName: string, key: string, root = VENDOR) => {
  const lesson: Lesson = {
    v: 1,
    vendorName,
    invoice,
    document: 'd',
    keys: [{ key }, { key: 'tax:ALL' }, { key: LONG }],
    print: [],
    style: {},
    rates: [],
    fields: {},
  };
  const id = lessonId(sha256, VENDOR, invoice);
  const body: LessonOp = {
    op_id: op,
    kind: 'lesson.learned',
    root,
    entity: { type: 'lesson', id },
    actor: 'user:a',
    hlc: tick('', ms, op),
  };
  return { body, value: JSON.stringify(lesson) };
};
const OPS = [
  learned('b', 2_000, 'i1', 'New', 'tax:NEW'),
  learned('a', 1_000, 'i1', 'Old', 'tax:OLD'),
  learned('c', 1_500, 'i2', 'Other', 'tax:OTHER'),
  // In the name of somebody else's lesson.
  learned('d', 9_000, 'i1', 'Foreign', 'tax:NEW', 'other vendor'),
];
type Ops = typeof OPS;
const WANTED = ['New 1970-01-01T00:00:02.000Z', 'Other 1970-01-01T00:00:01.500Z'];

/** What a page with the key that all share, and one with the key of the older one, bring back. */
type Look = (ops: Ops) => Promise<{ readonly all: string[]; readonly old: number }>;

async function inSqlite(ops: Ops) {
  const folder = mkdtempSync(join(tmpdir(), 'lesson-op-'));
  const { db, close } = openForWriting(join(folder, 'station.db'), '2026-01-01T00:00:00.000Z');
  const lessons = createLessons(drizzle({ client: db }));
  for (const { body, value } of ops) lessons.apply(body, value);
  const found = lessons.byKeys(['tax:ALL']).lessons.map(({ lesson, learnedAt }) => `${lesson.vendorName} ${learnedAt}`);
  const old = lessons.byKeys(['tax:OLD']).lessons.length;
  close();
  rmSync(folder, { recursive: true });
  return { all: found, old };
}

const inEveryOrder = async (look: Look) => [
  await look(OPS),
  await look(OPS.toReversed()),
  await look([...OPS.slice(2), ...OPS.slice(0, 2)]),
];
const SAME = Array.from({ length: 3 }, () => ({ all: WANTED, old: 0 }));

test('lessons of two desks are the same in any order of arrival, and nobody writes those of another vendor', async () => {
  expect(await inEveryOrder(inSqlite)).toEqual(SAME);
});

describe.skipIf(postgres.url === undefined)('in Postgres', () => {
  let connections: Connections;
  beforeAll(async () => {
    const { url } = await sharedDatabase();
    connections = createConnections({ url, poolSize: 1, statementTimeoutMs: 10_000, applicationName: 'test' });
  });
  afterAll(() => connections.close());

  test('lessons of two desks are the same in any order of arrival', async () => {
    const looks = await inEveryOrder(async (ops) => {
      const site = newSite();
      for (const { body, value } of ops)
        await connections.write(site, (tx) => tx.commit(lessonStatements(tx.orm, site, body, value)));
      const look = (key: string) => connections.read(site, ({ orm }) => lessonsByKeys(orm, site, [key]));
      const { lessons } = await look('tax:ALL');
      const all = lessons.map(({ lesson, learnedAt }) => `${lesson.vendorName} ${new Date(learnedAt).toISOString()}`);
      return { all, old: (await look('tax:OLD')).lessons.length };
    });
    expect(looks).toEqual(SAME);
  });
});
