/** A lesson that is learned while an invoice is read: one of the two looks at that invoice again, whichever comes last. */
import { expect, test } from 'vitest';
import type { Invoice } from '../../core/contract/invoice.ts';
import type { NewJob } from '../../core/contract/jobs.ts';
import type { Lesson } from '../../core/memory/lesson.ts';
import type { Base } from '../context.ts';
import { createVendorMemory, type VendorMemory } from '../memory.ts';
import type { Model } from '../model.ts';
import type { Store } from '../store/store.ts';
import { createLearnJob } from './learn.ts';
import { createReader, type ReadParts } from './read.ts';
import type { Work } from './handling.ts';

const lesson = { vendorName: 'Quillon', fields: { vendorName: { value: 'Quillon', was: null } } } as unknown as Lesson;
const recallOf = (invoice: string): NewJob => ({
  id: '9',
  name: 'recall',
  data: { invoice },
  root: invoice,
  priority: 20,
});
const workOn = (data: unknown): Work =>
  ({
    job: { id: '1', data, lease: 'l' },
    signal: new AbortController().signal,
    progress: () => Promise.resolve(),
  }) as unknown as Work;

/** Commits that are kept to be looked at. */
function baseOf() {
  const made: NewJob[] = [];
  const commit = ({ jobs = [] }: { jobs?: readonly NewJob[] }) => {
    made.push(...jobs);
    return Promise.resolve({ kind: 'ok' });
  };
  const metrics = {
    startStage: () => () => undefined,
    findings: { inc: () => undefined },
    unreadable: { inc: () => undefined },
    read: { inc: () => undefined },
  };
  const store = { document: () => Promise.resolve({ name: 'a.xml' }) };
  const blobs = { localPath: () => Promise.resolve('a.xml') };
  const rest = { newId: () => '7', instant: () => '2026-01-01T00:00:00Z', metrics, store, blobs };
  return { made, base: { ...rest, commit } as unknown as Base };
}

test('an invoice whose reading is recorded while a lesson is written is looked at again', async () => {
  const { made, base } = baseOf();
  let open = ['early'];
  const store = { openOfVendor: () => Promise.resolve(open) } as unknown as Store;
  const parts = {
    store,
    model: {} as Model,
    newId: () => '9',
    actor: 'a',
    pool: { run: () => Promise.reject(new Error()) },
  };
  const memory = createVendorMemory(parts);
  const taught: VendorMemory['taught'] = async () => {
    const jobs = await memory.lookAgain([lesson], 'taught');
    open = ['early', 'late'];
    return { ops: [], jobs, lesson };
  };
  const invoice = { id: 'taught', state: 'confirmed' } as Invoice;
  const model = { invoice: () => Promise.resolve(invoice) } as unknown as Model;
  const learn = createLearnJob({ base, model, memory: { ...memory, taught } });
  expect(await learn(workOn({ invoice: 'taught' }))).toBe('done');
  expect(made).toEqual([recallOf('early'), recallOf('late')]);
});

const remembered = (...ids: string[]) => ({ lessons: ids.map((id) => ({ id, vendor: 'v', lesson })), vendorsOf: {} });

test.each([
  ['another process learned for meanwhile', [undefined, remembered('1')], ['recall']],
  ['somebody made forget a lesson for meanwhile', [remembered('1', '2'), remembered('2')], ['recall']],
  ['nobody learned for meanwhile', [remembered('1'), remembered('1')], []],
])('a reading that %s', async (_what, answers, jobs) => {
  const { made, base } = baseOf();
  const reading = { engineVersion: '1', pages: [] };
  const next = [...answers];
  const loaded = { ops: [], document: {} };
  const judged = {
    id: 'invoice',
    state: 'ready',
    document: { sha256: 'sha' },
    header: {},
    lines: [],
    taxRows: [],
    findings: [],
  };
  const model = {
    keepReading: () => Promise.resolve('b'),
    author: () => ({ opId: '0190a0a0-0000-7000-8000-000000000000', actor: 'service:read' }),
    load: () => Promise.resolve(loaded),
    view: () => judged,
    projection: () => ({}),
  };
  const reader = createReader({
    base,
    model,
    judge: () => Promise.resolve(judged),
    pool: {
      threads: 1,
      run: () => Promise.resolve({ kind: 'reading', reading, keys: ['k'] }),
      close: () => Promise.resolve(),
    },
    checkpoints: { clear: () => Promise.resolve() },
    memory: { recall: () => Promise.resolve(next.shift()) },
    settings: () => ({ ocrLanguages: ['eng'], ocrAutomatic: false }),
    engineVersion: '1',
  } as unknown as ReadParts);
  const seen = { kind: 'document', type: 'xml', mime: 'application/xml', pages: 1 } as never;
  expect(await reader.read(workOn({}), 'sha', 'invoice', seen)).toBe('done');
  expect(made.map(({ name }) => name)).toEqual(jobs);
});
