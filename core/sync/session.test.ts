import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  after,
  type Answer,
  backoffMs,
  type Facts,
  type Happened,
  newSession,
  nextStep,
  type Session,
} from './session.ts';
import { shownState } from './shown-state.ts';

const facts = (more: Partial<Facts> = {}): Facts => ({ epoch: 0, cursor: 10, unshown: 0, blobs: 0, ...more });
const run = (happenings: readonly Happened[], random = 0.5): Session =>
  happenings.reduce((session, happened) => after(session, happened, random), newSession());
const HELLO: Happened = { kind: 'head', epoch: 0, seq: 10, known: 0 };
const own = (ops = 4): NonNullable<Answer['offered']> => ({ device: 'me', own: true, ops });
const others: NonNullable<Answer['offered']> = { device: 'a', own: false, ops: 4 };
const refused = (answer: Answer): Happened => ({ kind: 'refused', answer });

test('a round: what the site is, own work, the log, blobs, then waiting for news', () => {
  expect(nextStep(newSession(), facts())).toEqual({ do: 'head' });
  const greeted = run([HELLO]);
  const offer = { do: 'offer', limit: 1_000, except: [], waived: [] };
  expect(nextStep(greeted, facts({ unshown: 3, blobs: 1 }))).toEqual(offer);
  expect(nextStep(greeted, facts({ cursor: 8, blobs: 1 }))).toEqual({ do: 'pull', waitSeconds: 0 });
  expect(nextStep(greeted, facts({ blobs: 1 }))).toEqual({ do: 'blobs' });
  expect(nextStep(greeted, facts())).toEqual({ do: 'pull', waitSeconds: 25 });
  // What was pushed comes back in the log.
  const pushed = run([HELLO, { kind: 'pushed', head: 13, epoch: 0 }]);
  expect(nextStep(pushed, facts())).toEqual({ do: 'pull', waitSeconds: 0 });
});

test('in another history nothing is offered before it has shown what it holds', () => {
  const told = run([{ kind: 'head', epoch: 5, seq: 7, known: 0 }]);
  expect(nextStep(told, facts({ unshown: 2 }))).toEqual({ do: 'enter', epoch: 5 });
  const entered = after(told, { kind: 'entered' }, 0);
  const inIt = facts({ epoch: 5, cursor: 0, unshown: 12 });
  expect(nextStep(entered, inIt)).toEqual({ do: 'pull', waitSeconds: 0 });
  const shown = after(entered, { kind: 'pulled', head: 7, taken: 7 }, 0);
  expect(nextStep(shown, { ...inIt, cursor: 7 }).do).toBe('offer');
  // Told by a batch or a page in the middle of the round.
  for (const happened of [
    { kind: 'epoch', epoch: 6 } as const,
    refused({ status: 409, reason: 'epoch', offered: own() }),
  ])
    expect(nextStep(after(shown, happened, 0), inIt)).toEqual({ do: 'head' });
});

test('a site that speaks of another history without having one is asked later and later', () => {
  const EPOCH: Happened = { kind: 'epoch', epoch: 0 };
  const ahead = facts({ cursor: 12 });
  for (const told of [EPOCH, refused({ status: 409, reason: 'epoch', offered: own() })]) {
    let session = run([HELLO, told]);
    expect(nextStep(session, ahead)).toEqual({ do: 'head' });
    for (const failures of [1, 2, 3]) {
      session = after(after(session, HELLO, 0.5), told, 0.5);
      expect(session.failures).toBe(failures);
      expect(nextStep(session, ahead)).toEqual({ do: 'wait', ms: backoffMs(failures, 0.5) });
      session = after(session, { kind: 'waited' }, 0);
      expect(nextStep(session, ahead)).toEqual({ do: 'head' });
    }
    const entered = after(after(session, { ...HELLO, epoch: 4 }, 0), { kind: 'entered' }, 0);
    const shown = after(entered, { kind: 'pulled', head: 12, taken: 12 }, 0);
    expect(shown.failures).toBe(0);
    expect(nextStep(after(shown, told, 0), ahead)).toEqual({ do: 'head' });
  }
});

test('a batch that is too large is halved, and grows again; others’ batches are left to others where they cannot be cut', () => {
  let session = run([HELLO]);
  for (const [ops, limit] of [
    [1_000, 500],
    [500, 250],
    [250, 125],
  ] as const) {
    session = after(session, refused({ status: 413, offered: own(ops) }), 0);
    expect(session.limit).toBe(limit);
  }
  expect(after(session, { kind: 'pushed', head: 11, epoch: 0 }, 0).limit).toBe(250);
  expect(after(session, refused({ status: 413, offered: own(1) }), 0).closed).toBe('rejected');
  const small = { ...session, limit: 2 };
  expect(after(small, refused({ status: 413, offered: others }), 0).except).toEqual(['a']);
});

test('what is wrong with others’ operations never holds up the station’s own', () => {
  for (const answer of [
    { status: 400 },
    { status: 403 },
    { status: 409, reason: 'gap', expected: 1 },
    { status: 409, reason: 'device_forked' },
  ]) {
    const session = run([HELLO, refused({ ...answer, offered: others })]);
    expect(nextStep(session, facts({ unshown: 5 }))).toMatchObject({ do: 'offer', except: ['a'] });
  }
  const nothing = run([HELLO, { kind: 'unproved', device: 'a' }, { kind: 'nothing-to-offer' }]);
  expect(nextStep(nothing, facts({ unshown: 5 })).do).toBe('pull');
  // The next page may have brought what was missing.
  const again = after(nothing, { kind: 'pulled', head: 10, taken: 0 }, 0);
  expect(nextStep(again, facts({ unshown: 5 }))).toMatchObject({ do: 'offer', except: [] });
});

test('parents that nobody can offer are waived after a look at the log', () => {
  const answer = { status: 409, reason: 'missing_parents', unheld: ['x'], offered: own() };
  const session = after(run([HELLO, refused(answer)]), { kind: 'waited' }, 0);
  expect(nextStep(session, facts({ unshown: 1 })).do).toBe('pull');
  const looked = after(session, { kind: 'pulled', head: 10, taken: 0 }, 0);
  expect(nextStep(looked, facts({ unshown: 1 }))).toMatchObject({ do: 'offer', waived: ['x'] });
  // Another operation of the batch waits for another one.
  const more = after(looked, refused({ ...answer, unheld: ['y'] }), 0);
  expect(more.waived).toEqual(['x', 'y']);
});

test('an older version and who may only read still pull; a broken log, two histories and an ended sign-in stop', () => {
  const upgrade = run([HELLO, refused({ status: 426, offered: own() })]);
  expect(nextStep(upgrade, facts({ unshown: 5 })).do).toBe('pull');
  // Who may only read goes on reading.
  const reader = run([HELLO, refused({ status: 403, reason: 'role', offered: own() })]);
  expect(nextStep(reader, facts({ unshown: 5 }))).toEqual({ do: 'pull', waitSeconds: 25 });
  const stops = [
    [refused({ status: 401 }), 'signed-out'],
    [refused({ status: 403, offered: own() }), 'signed-out'],
    [refused({ status: 409, reason: 'device_forked', offered: own() }), 'forked'],
    [{ kind: 'page', problem: 'broken' }, 'broken'],
    [{ kind: 'page', problem: 'forked' }, 'forked'],
  ] as const;
  for (const [happened, why] of stops) expect(nextStep(run([HELLO, happened]), facts())).toEqual({ do: 'stop', why });
  const gap = after(
    run([HELLO, refused({ status: 409, reason: 'gap', expected: 3, offered: own() })]),
    { kind: 'waited' },
    0,
  );
  expect(nextStep(gap, facts())).toEqual({ do: 'go-back', devSeq: 3 });
});

test('it waits between a second and a quarter of a minute, longer with every failure, and as long as the site asks', () => {
  fc.assert(
    fc.property(fc.nat({ max: 100 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (failures, random) => {
      const ms = backoffMs(failures, random);
      expect(ms).toBeGreaterThanOrEqual(1_000);
      expect(ms).toBeLessThanOrEqual(Math.min(15_000, 1_000 * 2 ** failures));
    }),
  );
  const busy = run([HELLO, refused({ status: 429, retryAfterMs: 30_000, offered: own() })], 0);
  expect(nextStep(busy, facts())).toEqual({ do: 'wait', ms: 30_000 });
  expect(after(run([HELLO, { kind: 'no-answer' }]), { kind: 'pulled', head: 10, taken: 0 }, 0).failures).toBe(0);
});

test('whatever happens, there is a next step, and only a person’s matters end the round', () => {
  const offered = fc.option(fc.constantFrom(own(), others), { nil: undefined });
  const answers = fc.record({
    status: fc.constantFrom(400, 409, 413, 426, 429, 500, 503),
    reason: fc.constantFrom('gap', 'missing_parents', 'epoch', 'something'),
    offered,
  });
  const happenings = fc.oneof(
    answers.map(refused),
    fc.constantFrom<Happened>(
      HELLO,
      { kind: 'entered' },
      { kind: 'waited' },
      { kind: 'no-answer' },
      { kind: 'page', problem: 'torn' },
      { kind: 'nothing-to-offer' },
      { kind: 'pulled', head: 12, taken: 2 },
    ),
  );
  fc.assert(
    fc.property(fc.array(happenings), fc.nat({ max: 3 }), (list, unshown) => {
      const session = run(list);
      expect(nextStep(session, facts({ unshown })).do).not.toBe('stop');
      expect(session.limit).toBeGreaterThanOrEqual(1);
    }),
  );
});

test('the corner says what is in the way first, then what is left, then what waits for a person', () => {
  const quiet = { refused: 0, conflicts: 0, deferred: 0 };
  const base = {
    enrolled: true,
    cursor: 10,
    unshown: 0,
    blobs: 0,
    attention: quiet,
    heardAt: '2026-01-01T10:00:00.000Z',
  };
  const greeted = run([HELLO]);
  expect(shownState(newSession(), { ...base, enrolled: false })).toEqual({ kind: 'local' });
  expect(shownState(newSession(), { ...base, unshown: 2 })).toEqual({ kind: 'offline', left: 2 });
  expect(shownState(run([HELLO, { kind: 'no-answer' }]), base)).toEqual({ kind: 'offline', left: 0 });
  expect(shownState(greeted, { ...base, unshown: 2, cursor: 7 })).toEqual({ kind: 'syncing', left: 5 });
  expect(shownState(greeted, base)).toEqual({ kind: 'up-to-date', at: base.heardAt });
  const conflicts = { ...base, attention: { ...quiet, conflicts: 3 } };
  expect(shownState(greeted, conflicts)).toEqual({ kind: 'attention', reasons: ['conflicts'], left: 0 });
  const old = run([HELLO, refused({ status: 426, offered: own() })]);
  expect(shownState(old, conflicts)).toEqual({ kind: 'attention', reasons: ['upgrade', 'conflicts'], left: 0 });
});
