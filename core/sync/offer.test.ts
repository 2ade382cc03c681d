import fc from 'fast-check';
import { expect, test } from 'vitest';
import { headsForPage, inOfferOrder, nextOffer, type OfferRow, type ProvedHead } from './offer.ts';

const LIMITS = { ops: 5, bytes: 500 };

/** A log as batches came: who, and how many operations of which size. */
const batches = fc.array(
  fc.record({
    device: fc.constantFrom('a', 'b', 'me'),
    ops: fc.integer({ min: 1, max: LIMITS.ops }),
    bytes: fc.integer({ min: 1, max: 100 }),
    role: fc.constantFrom('reviewer', 'reviewer', 'approver'),
  }),
  { maxLength: 12 },
);

interface Logged {
  readonly rows: OfferRow[];
  readonly signed: Map<string, ProvedHead>;
  /** By operation: the role that it was judged by. */
  readonly roles: Map<string, string>;
  /** Numbers at which a batch ended. */
  readonly ends: number[];
}

function logOf(list: readonly { device: string; ops: number; bytes: number; role?: string }[]): Logged {
  const rows: OfferRow[] = [];
  const signed = new Map<string, ProvedHead>();
  const roles = new Map<string, string>();
  const ends: number[] = [];
  const numbers = new Map<string, number>();
  for (const { device, ops, bytes, role = 'reviewer' } of list) {
    for (let n = 0; n < ops; n += 1) {
      const devSeq = (numbers.get(device) ?? 0) + 1;
      numbers.set(device, devSeq);
      roles.set(`${device}${devSeq}`, role);
      rows.push({ device, devSeq, hash: `${device}${devSeq}`, bytes, place: { epoch: 0, seq: rows.length + 1 } });
    }
    const last = rows.at(-1);
    if (last !== undefined)
      signed.set(last.hash, { device, dev_seq: last.devSeq, hash: last.hash, signature: '', role });
    ends.push(rows.length);
  }
  return { rows, signed, roles, ends };
}

test('whatever pages a log comes in, all of it can be offered again, in its order and within the limits', () => {
  fc.assert(
    fc.property(batches, fc.integer({ min: 1, max: 8 }), (list, size) => {
      const { rows, signed, roles, ends } = logOf(list);
      const heads = new Map<string, ProvedHead>();
      for (let after = 0; after < rows.length;) {
        const wanted = after + size;
        const next = ends.findLast((end) => end <= wanted && end > after) ?? ends.find((end) => end > after) ?? 0;
        for (const head of headsForPage(rows.slice(after, next), signed, LIMITS)) heads.set(head.hash, head);
        after = next;
      }
      let left = rows.toReversed().toSorted(inOfferOrder);
      expect(left).toEqual(rows);
      while (left.length > 0) {
        const offer = nextOffer(left, heads, 'me', LIMITS);
        if (offer.kind === 'none' || offer.kind === 'unproved') throw new Error(offer.kind);
        expect(offer.rows).toEqual(left.slice(0, offer.rows.length));
        expect(new Set(offer.rows.map((row) => row.device)).size).toBe(1);
        const judgedBy = new Set(offer.rows.map(({ hash }) => roles.get(hash)));
        expect(offer.kind === 'relay' ? [...judgedBy] : [offer.kind]).toEqual([
          offer.kind === 'relay' ? offer.head.role : 'own',
        ]);
        expect(offer.rows.length).toBeLessThanOrEqual(LIMITS.ops);
        expect(offer.rows.reduce((sum, row) => sum + row.bytes, 0)).toBeLessThanOrEqual(LIMITS.bytes);
        const last = offer.rows.at(-1)?.hash;
        expect(offer.kind === 'relay' ? offer.head.hash : last).toBe(last);
        left = left.slice(offer.rows.length);
      }
    }),
  );
});

const row = (device: string, devSeq: number, place: OfferRow['place']): OfferRow => ({
  device,
  devSeq,
  hash: `${device}${devSeq}`,
  bytes: 1,
  place,
});

test('the newer of two older histories comes first, new work last', () => {
  const rows = [
    row('me', 3, null),
    row('me', 2, null),
    row('a', 9, { epoch: 1, seq: 40 }),
    row('b', 1, { epoch: 2, seq: 41 }),
    row('a', 8, { epoch: 1, seq: 39 }),
  ];
  expect(rows.toSorted(inOfferOrder).map(({ hash }) => hash)).toEqual(['b1', 'a8', 'a9', 'me2', 'me3']);
});

test('what nobody signed is left to others; a limit that was lowered does not come before a signature', () => {
  const rows = [1, 2, 3].map((n) => row('a', n, { epoch: 0, seq: n }));
  expect(nextOffer(rows, new Map(), 'me', LIMITS)).toEqual({ kind: 'unproved', device: 'a' });
  expect(nextOffer([], new Map(), 'me', LIMITS)).toEqual({ kind: 'none' });
  const head = { device: 'a', dev_seq: 3, hash: 'a3', signature: '' };
  const offer = nextOffer(rows, new Map([['a3', head]]), 'me', { ops: 1, bytes: 1 });
  expect(offer.kind === 'relay' && offer.rows.length).toBe(3);
  const own = nextOffer([row('me', 1, null), row('me', 2, null)], new Map(), 'me', { ops: 1, bytes: 1 });
  expect(own.kind === 'own' && own.rows.length).toBe(1);
});
