/** Several processes take the same files at the same time: what no lane of one process can decide, the change itself does. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IntakeResult } from '../../core/contract/intake.ts';
import { createModel } from '../model.ts';
import { createDiskBlobs } from '../blobs/disk.ts';
import type { Base } from '../context.ts';
import type { PostgresDatabase } from '../store/postgres/create.ts';
import type { Store } from '../store/store.ts';
import { newSite, openDatabase, postgres, sharedDatabase } from '../store/testing-postgres.ts';
import { newId, NOTHING } from '../store/testing-stores.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Arrived, createIntake, type Intake } from './intake.ts';

const PROCESSES = 4;

const shaOf = (file: Arrived | undefined): string => (file?.kind === 'kept' ? file.sha256 : '');
const invoicesOf = (result: IntakeResult | undefined): readonly string[] =>
  result === undefined || result.kind === 'refused' ? [] : result.invoices;

describe.skipIf(postgres.url === undefined)('files taken by several processes at once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ap-intake-'));
  const site = newSite();
  let databases: PostgresDatabase[] = [];
  let stores: Store[] = [];
  let intakes: Intake[] = [];

  /** As in a process of its own: another pool, another lane. */
  async function intakeOver(store: Store): Promise<Intake> {
    const blobs = await createDiskBlobs(join(folder, 'blobs'));
    const base = {
      store,
      blobs,
      actor: 'user:one',
      newId,
      now: Date.now,
      instant: () => new Date().toISOString(),
      commit: (change) => store.commit({ ...NOTHING, ...change }),
    } as Partial<Base> as Base;
    return createIntake(base, createModel({ store, blobs, newId }));
  }

  beforeAll(async () => {
    const { url } = await sharedDatabase();
    databases = await Promise.all(Array.from({ length: PROCESSES }, () => openDatabase(url, { poolSize: 4 })));
    await Promise.all(databases.map((one) => one.createSite(site)));
    stores = await Promise.all(databases.map(async (one) => (await one.site(site)).store));
    intakes = await Promise.all(stores.map(intakeOver));
  });
  afterAll(async () => {
    await Promise.all(databases.map((one) => one.close()));
    rmSync(folder, { recursive: true, force: true });
  });

  const intakeAt = (at: number): Intake => intakes[at % PROCESSES] as Intake;
  const store = (): Store => stores[0] as Store;
  const keep = (names: readonly string[]): Promise<Arrived[]> =>
    Promise.all(names.map((name) => intakeAt(0).keep(name, Readable.from([randomBytes(64)]))));

  test('each is one document with one invoice and one job, and everybody is told of the same', async () => {
    const files = await keep(['a.pdf', 'b.pdf', 'c.pdf', 'd.pdf', 'e.pdf']);
    // Each in an order of its own, some only a part of it.
    const wishes = Array.from({ length: 20 }, (_, at) => {
      const turned = [...files.slice(at % 5), ...files.slice(0, at % 5)];
      return at % 3 === 0 ? turned.slice(0, 3) : turned;
    });
    const answers = await Promise.all(wishes.map((wish, at) => intakeAt(at).take(wish, 'upload')));
    for (const file of files) {
      const invoices = await store().invoiceIds({ document: shaOf(file) });
      expect(invoices).toHaveLength(1);
      const told = answers.flatMap((results, at) => results.filter((_, index) => wishes[at]?.[index] === file));
      expect(new Set(told.flatMap(invoicesOf))).toEqual(new Set(invoices));
      expect(told.filter(({ kind }) => kind === 'accepted')).toHaveLength(1);
      const ops = await store().opsOf(invoices[0] ?? '');
      expect(ops.map((op) => op.body.kind)).toEqual(['invoice.created']);
    }
    expect((await store().verifyAudit()).problems).toEqual([]);
  });

  test('under one key they are one request: one answer, and the files of one', async () => {
    const files = await keep(['1.pdf', '2.pdf']);
    const key = newId();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => intakeAt(at).take(files, 'upload', key)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]?.map(({ kind }) => kind)).toEqual(['accepted', 'accepted']);
    const other = await keep(['3.pdf']);
    const refused = await Promise.allSettled(intakes.map((intake) => intake.take(other, 'upload', key)));
    for (const one of refused) expect(one).toMatchObject({ status: 'rejected', reason: { code: 'conflict' } });
    expect(await store().invoiceIds({ document: shaOf(other[0]) })).toEqual([]);
  });

  test('the same key for different files: one of them is taken, the other is told', async () => {
    const batches = await Promise.all(Array.from({ length: 6 }, (_, at) => keep([`k${at}.pdf`])));
    const key = newId();
    const answers = await Promise.allSettled(batches.map((files, at) => intakeAt(at).take(files, 'upload', key)));
    const taken = answers.filter(({ status }) => status === 'fulfilled');
    const told = answers.filter((one) => one.status === 'rejected');
    expect(taken).toHaveLength(1);
    for (const { reason } of told) expect(reason).toMatchObject({ code: 'conflict' });
    const counts = await Promise.all(
      batches.map(async (files) => (await store().invoiceIds({ document: shaOf(files[0]) })).length),
    );
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(1);
  });
});
