import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createEventVerifier, type EventHead, FIRST_HEAD, type KeptEvent, sealEvent } from './audit-event.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function chain(count: number): { rows: KeptEvent[]; head: EventHead } {
  const rows: KeptEvent[] = [];
  let head = FIRST_HEAD;
  for (let index = 0; index < count; index += 1) {
    const event = {
      kind: 'sign-in',
      at: '2026-05-01T06:00:00.000Z',
      actor: `user:${index}`,
      data: { address: '::1' },
    } as const;
    const row = sealEvent(event, 'main', head, sha256);
    rows.push(row);
    head = row;
  }
  return { rows, head: { seq: head.seq, hash: head.hash } };
}

function problems(rows: readonly KeptEvent[], head: EventHead, site = 'main'): string[] {
  const verifier = createEventVerifier(site, sha256);
  return [...rows.flatMap((row) => verifier.add(row)), ...verifier.finish(head)].map(({ what }) => what);
}

test('a chain as it was written has no problem', () => {
  const { rows, head } = chain(20);
  expect(problems(rows, head)).toEqual([]);
  expect(problems([], FIRST_HEAD)).toEqual([]);
});

test('an edit, a deletion, an insertion, another order, a cut end: each is told', () => {
  const { rows, head } = chain(12);
  fc.assert(
    fc.property(
      fc.nat(11),
      fc.nat(11),
      fc.constantFrom('edit', 'rehash', 'delete', 'insert', 'swap', 'cut'),
      (a, b, how) => {
        const bad = [...rows];
        const row = rows[a]!;
        const edited = row.text.replace('"::1"', '"::2"');
        if (how === 'edit') bad[a] = { ...row, text: edited };
        // Whoever can compute hashes too is found by the row after it, or by the head.
        if (how === 'rehash') bad[a] = { ...row, text: edited, hash: sha256(edited) };
        if (how === 'delete') bad.splice(a, 1);
        if (how === 'insert') bad.splice(a, 0, row);
        if (how === 'swap') [bad[a], bad[b]] = [rows[b]!, row];
        if (how === 'cut') bad.length = a;
        const untouched = how === 'swap' && a === b;
        expect(problems(bad, head).length > 0).toBe(!untouched);
      },
    ),
  );
});

test('the events of one site do not pass as those of another', () => {
  const { rows, head } = chain(2);
  expect(problems(rows, head, 'other').length).toBeGreaterThan(0);
});

test('long and ill-formed texts are kept in a form that verifies', () => {
  const event = {
    kind: 'sign-in.failed',
    at: 'x',
    actor: 'unknown',
    data: { login: `\uD800${'a'.repeat(5_000)}` },
  } as const;
  const row = sealEvent(event, 'main', FIRST_HEAD, sha256);
  expect(problems([row], row)).toEqual([]);
  expect(row.text.length).toBeLessThan(700);
});
