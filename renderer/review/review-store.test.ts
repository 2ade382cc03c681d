import { describe, expect, it, vi } from 'vitest';
import type { Correction } from '../../core/contract/http.ts';
import type { Invoice } from '../../core/contract/invoice.ts';
import { ApiError } from '../api.ts';
import type { Client } from '../api.ts';
import { EMPTY_CELL, headerKey } from './cells.ts';
import type { Command } from './commands.ts';
import { createReviewStore } from './review-store.ts';

const ID = '0190a000-0000-7000-8000-000000000001';

const invoice = (): Invoice =>
  ({
    id: ID,
    revision: 2,
    state: 'received',
    status: 'exception',
    document: { sha256: 'a'.repeat(64), name: 'a.pdf', mime: 'application/pdf', size: 1 },
    reading: null,
    header: { grossTotal: { ...EMPTY_CELL, value: '100', parents: ['r'], source: 'text', confidence: 0.5 } },
    lines: [],
    taxRows: [],
    findings: [],
    attention: [{ entity: { type: 'invoice', id: ID }, field: 'grossTotal' }],
    digest: 'd1',
    judged: null,
  }) as unknown as Invoice;

const correction = (value: string, parents: readonly string[], opId: string): Command => ({
  kind: 'correct',
  corrections: [
    {
      entity: { type: 'invoice', id: ID },
      field: 'grossTotal',
      value,
      parents: [...parents],
      source: 'manual',
      opId,
    },
  ],
});

/** A server that keeps one invoice and can be made to refuse or to be away. */
function fakeServer() {
  let kept = invoice();
  const log: { parents: readonly string[]; value: string | null }[] = [];
  const mood: { refuse: ApiError | null } = { refuse: null };
  const client = {
    getInvoice: () => Promise.resolve(structuredClone(kept)),
    getHistory: () => Promise.resolve({ entries: [] }),
    correctFields: ({ body }: { body: { corrections: Correction[] } }) => {
      if (mood.refuse) return Promise.reject(mood.refuse);
      for (const c of body.corrections) {
        log.push({ parents: c.parents, value: c.value });
        const cell = { ...EMPTY_CELL, value: c.value, parents: [c.opId], actor: 'me', at: 'now' };
        kept = { ...kept, revision: kept.revision + 1, header: { ...kept.header, [c.field]: cell }, attention: [] };
      }
      return Promise.resolve(structuredClone(kept));
    },
  } as unknown as Client;
  return { client, log, mood };
}

function setUp() {
  const server = fakeServer();
  const refused: string[] = [];
  const signedIn = { now: true };
  const review = createReviewStore({
    client: server.client,
    newId: () => crypto.randomUUID(),
    now: () => '2026-01-01T00:00:00Z',
    actor: () => 'me',
    judge: (seen) => seen,
    onRefused: (message) => refused.push(message),
    wordsOf: (error) => (error instanceof Error ? error.message : String(error)),
    waitsFor: (error) =>
      error instanceof ApiError && error.details['reason'] === 'reading-not-here' ? error.message : undefined,
    maySend: () => signedIn.now,
  });
  const gross = () => review.current()!.shown.header.grossTotal!;
  const correct = (value: string, opId = crypto.randomUUID() as string) =>
    review.execute(ID, correction(value, gross().parents, opId));
  return { ...server, review, refused, signedIn, gross, correct };
}

describe('createReviewStore', () => {
  it('shows a correction at once, then the word of the server', async () => {
    const { review, gross, correct } = setUp();
    await review.open(ID);
    correct('120');
    expect(gross()).toMatchObject({ value: '120', actor: 'me', confidence: 1 });
    expect(review.current()!.shown.attention).toEqual([]);
    expect(review.current()!.pending).toHaveLength(1);
    await review.settled(ID);
    expect(review.current()).toMatchObject({ pending: [], server: { revision: 3 } });
  });

  it('names as parent of a second correction the first one, though it is still on its way', async () => {
    const { review, log, correct, gross } = setUp();
    await review.open(ID);
    correct('120', 'op-1');
    correct('130', 'op-2');
    expect(gross().value).toBe('130');
    await review.settled(ID);
    expect(log).toEqual([
      { parents: ['r'], value: '120' },
      { parents: ['op-1'], value: '130' },
    ]);
  });

  it('takes a refused correction back and says why beside the field', async () => {
    const { review, mood, correct, gross, refused } = setUp();
    await review.open(ID);
    mood.refuse = new ApiError('invalid_value', 'must be an amount');
    correct('120');
    await review.settled(ID);
    expect(gross().value).toBe('100');
    expect(review.getState().refusals[headerKey({ id: ID }, 'grossTotal')]).toMatchObject({
      value: '120',
      message: 'must be an amount',
    });
    expect(refused).toEqual(['must be an amount']);
  });

  it('keeps a correction whose reading is on its way, says what it waits for, and makes it when that has come', async () => {
    const { review, mood, correct, gross, log, refused } = setUp();
    await review.open(ID);
    mood.refuse = new ApiError('unavailable', 'it is on its way', { reason: 'reading-not-here' });
    correct('120');
    await vi.waitFor(() => expect(review.getState().waits).toEqual({ id: ID, why: 'it is on its way' }));
    expect(gross().value).toBe('120');
    mood.refuse = null;
    review.retry();
    await review.settled(ID);
    expect([log.length, refused, review.getState().waits]).toEqual([1, [], null]);
  });

  it('keeps a correction while the station is away and sends it when it is back', async () => {
    const { review, mood, correct, gross, log } = setUp();
    await review.open(ID);
    mood.refuse = new ApiError('offline', 'no answer');
    correct('120');
    await vi.waitFor(() => expect(review.getState().waiting).toBe(true));
    expect(gross().value).toBe('120');
    mood.refuse = null;
    review.retry();
    await review.settled(ID);
    expect(log).toHaveLength(1);
    expect(review.getState().waiting).toBe(false);
  });

  it('keeps what was done while nobody is signed in: whoever signs in next may be somebody else', async () => {
    const { review, mood, correct, gross, log, refused, signedIn } = setUp();
    await review.open(ID);
    mood.refuse = new ApiError('unauthorized', 'signed out', { reason: 'signed-out' });
    signedIn.now = false;
    correct('120');
    await vi.waitFor(() => expect(review.getState().waiting).toBe(true));
    mood.refuse = null;
    // Another window has signed in, as whoever: nothing goes out before it is known who that is.
    review.retry();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect({ log, refused, shown: gross().value }).toEqual({ log: [], refused: [], shown: '120' });
    signedIn.now = true;
    review.retry();
    await review.settled(ID);
    expect(log).toEqual([{ parents: ['r'], value: '120' }]);
    expect(review.getState().waiting).toBe(false);
  });

  it('says why an invoice could not be opened', async () => {
    const { review, client } = setUp();
    (client as { getInvoice: unknown }).getInvoice = () => Promise.reject(new ApiError('not_found', 'gone'));
    await review.open(ID);
    expect(review.getState().error).toMatchObject({ code: 'not_found' });
  });

  it('keeps typed text per cell until it is saved or given up', () => {
    const { review } = setUp();
    review.typed('invoice:i:grossTotal', '12');
    expect(review.getState()).toMatchObject({ drafts: { 'invoice:i:grossTotal': '12' }, suggest: -1 });
    review.draft('invoice:i:grossTotal', null);
    expect(review.getState().drafts).toEqual({});
  });
});

/** A server whose answers are let go one by one. */
function slow() {
  let revision = 2;
  let text = '100';
  const waiting: (() => void)[] = [];
  const said = (): Invoice => {
    const cell = { ...EMPTY_CELL, value: text, parents: [`op${revision}`], actor: 'user:b', at: String(revision) };
    return { ...invoice(), revision, header: { grossTotal: cell } };
  };
  const later = (): Promise<Invoice> => {
    const seen = said();
    return new Promise((resolve) => waiting.push(() => resolve(seen)));
  };
  const remote: (string | null | undefined)[] = [];
  const review = createReviewStore({
    client: {
      getInvoice: later,
      correctFields: ({ body }: { body: { corrections: Correction[] } }) => {
        [revision, text] = [revision + 1, body.corrections[0]?.value ?? ''];
        return later();
      },
    } as unknown as Client,
    newId: () => crypto.randomUUID(),
    now: () => '2026-01-01T00:00:00Z',
    actor: () => 'me',
    judge: (seen) => seen,
    onRefused: () => undefined,
    onRemote: (_before, after) => remote.push(after.header.grossTotal?.value),
    wordsOf: String,
    waitsFor: () => undefined,
    maySend: () => true,
  });
  const others = (value: string): number => {
    [revision, text] = [revision + 1, value];
    return revision;
  };
  const let1 = async (): Promise<void> => {
    await vi.waitFor(() => expect(waiting.length).toBeGreaterThan(0));
    waiting.shift()?.();
    await new Promise((done) => setTimeout(done));
  };
  const shown = () => review.current()?.server.header.grossTotal?.value;
  const save = (value: string): void => review.execute(ID, correction(value, ['r'], crypto.randomUUID()));
  return { review, others, let1, shown, save, waiting, remote };
}

describe('what is told while something else is on its way', () => {
  it('a change elsewhere during a save of one’s own is looked at after it, and told', async () => {
    const { review, others, let1, shown, save, remote } = slow();
    const opening = review.open(ID);
    await let1();
    await opening;
    save('mine');
    review.onRevision(ID, others('theirs'));
    await let1();
    expect(shown()).toBe('mine');
    await let1();
    expect(shown()).toBe('theirs');
    expect(remote.at(-1)).toBe('theirs');
  });

  it('a change that comes while it is being opened, or looked at, is looked at after that', async () => {
    const { review, others, let1, shown } = slow();
    const opening = review.open(ID);
    review.onRevision(ID, others('first'));
    await let1();
    await opening;
    expect(shown()).toBe('100');
    review.onRevision(ID, others('second'));
    await let1();
    await let1();
    expect(shown()).toBe('second');
  });

  it('an answer that a save has overtaken is none', async () => {
    const { review, let1, shown, save, waiting } = slow();
    const opening = review.open(ID);
    await let1();
    await opening;
    review.takenBack(ID);
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    const [old] = waiting.splice(0);
    save('mine');
    await let1();
    old?.();
    await let1();
    expect(shown()).toBe('mine');
  });

  it('what was taken back during a save is looked at after it', async () => {
    const { review, let1, save, waiting } = slow();
    const opening = review.open(ID);
    await let1();
    await opening;
    save('mine');
    review.takenBack(ID);
    await let1();
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
  });
});
