import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, type CanonicalValue, isCanonical, parseJson, wellFormed } from './canonical.ts';
import { verifyChain, type KeptOp } from './chain.ts';
import { tick } from './hlc.ts';
import { rowId, uuid4, uuid7 } from './ids.ts';
import type { OpDraft } from './op.ts';
import { isOrderKey, orderBetween, orderOfRow } from './order.ts';
import { canonicalOp, commitOf, NO_HASH, sealOp } from './seal.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const DEVICE = '5f2b5c7e-0d0e-4c9a-9d53-0d1d6a1c2b3a';

const drafts = fc.record({
  op_id: fc.uuid({ version: 7 }),
  actor: fc.constantFrom('local:a', 'local:b'),
  kind: fc.constant('field.set'),
  root: fc.uuid({ version: 7 }),
  entity: fc.record({ type: fc.constant('invoice'), id: fc.uuid({ version: 7 }) }),
  field: fc.constantFrom('grossTotal', 'vendorName'),
  parents: fc.array(fc.uuid({ version: 7 }), { maxLength: 3 }),
  source: fc.constant('manual' as const),
  content: fc.record({
    value: fc.option(fc.string({ unit: 'binary' })),
    reason: fc.option(fc.string()),
    salt: fc.string({ unit: fc.constantFrom(...'0123456789abcdef'.split('')), minLength: 64, maxLength: 64 }),
  }),
}) satisfies fc.Arbitrary<OpDraft>;

function chainOf(list: readonly OpDraft[]): KeptOp[] {
  let devPrev = NO_HASH;
  return list.map((draft, at) => {
    const sealed = sealOp(draft, { device: DEVICE, devSeq: at + 1, devPrev, hlc: tick('', at, DEVICE) }, sha256);
    devPrev = sealed.hash;
    return { text: sealed.text, hash: sealed.hash, content: sealed.content, erased: false };
  });
}
const endOf = (chain: readonly KeptOp[]) => [
  { device: DEVICE, devSeq: chain.length, hash: chain.at(-1)?.hash ?? NO_HASH },
];

const made = (json: CanonicalValue): string | undefined => {
  try {
    return canonicalJson(json);
  } catch {
    return undefined;
  }
};

test('a text is canonical where making its form gives the text', () => {
  const texts = fc.oneof(
    fc.json(),
    fc.json().map((text) => made(parseJson(text)) ?? text),
    fc.constantFrom(
      '{"10":1,"9":2}',
      '{"9":2,"10":1}',
      '{"b":1,"a":2}',
      '[1.5]',
      '[-0]',
      '"\\ud800"',
      '{"a":1,"a":1}',
      ' 1',
    ),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const json = parseJson(text);
      expect(isCanonical(json, text)).toBe(made(json) === text);
    }),
    { numRuns: 500 },
  );
});

test('canonical text does not depend on the order of keys and survives a round trip', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())), (object) => {
      const clean = Object.fromEntries(
        Object.entries(object).map(([k, v]) => [wellFormed(k), typeof v === 'string' ? wellFormed(v) : v]),
      );
      const reversed = Object.fromEntries(Object.entries(clean).toReversed());
      const text = canonicalJson(clean);
      return text === canonicalJson(reversed) && canonicalJson(JSON.parse(text)) === text;
    }),
  );
  expect(canonicalJson({ b: [1, null, true], a: 'ü"\n', c: undefined })).toBe('{"a":"ü\\"\\n","b":[1,null,true]}');
  expect(() => canonicalJson(0.5)).toThrow(/safe integer/);
  expect(() => canonicalJson('\ud800')).toThrow(/surrogate/);
});

test('the body commits to value, reason and salt and contains none of them', () => {
  fc.assert(
    fc.property(drafts, (draft) => {
      const sealed = sealOp(draft, { device: DEVICE, devSeq: 1, devPrev: NO_HASH, hlc: 'h' }, sha256);
      expect(sealed.body).not.toHaveProperty('content');
      expect(commitOf(sha256, sealed.content)).toBe(sealed.body.commit);
      const { salt, value, reason } = sealed.content;
      expect(sha256(salt + canonicalJson({ value, reason }))).toBe(sealed.body.commit);
      expect(canonicalOp(JSON.parse(sealed.text))).toBe(sealed.text);
      for (const other of [
        { ...sealed.content, value: `${sealed.content.value}x` },
        { ...sealed.content, reason: `${sealed.content.reason}x` },
        { ...sealed.content, salt: `${sealed.content.salt}0` },
      ]) {
        expect(commitOf(sha256, other)).not.toBe(sealed.body.commit);
      }
    }),
  );
});

test('an untouched chain verifies, an erased content does not break it', () => {
  fc.assert(
    fc.property(fc.array(drafts, { maxLength: 8 }), fc.nat(), (list, at) => {
      const chain = chainOf(list);
      expect(verifyChain(chain, endOf(chain), sha256)).toEqual([]);
      const erased = chain.map((op, i) =>
        i === at % (chain.length || 1) ? { ...op, content: null, erased: true } : op,
      );
      expect(verifyChain(erased, endOf(chain), sha256)).toEqual([]);
    }),
  );
});

const tampers: Record<string, (chain: KeptOp[], at: number) => KeptOp[]> = {
  'flip a letter of the body': (chain, at) => change(chain, at, (op) => ({ ...op, text: flip(op.text, at) })),
  'flip a letter and hash it again': (chain, at) =>
    change(chain, at, (op) => {
      const text = op.text.replace('"actor":"local:', '"actor":"xocal:');
      return { ...op, text, hash: sha256(text) };
    }),
  'another value': (chain, at) =>
    change(chain, at, (op) => ({ ...op, content: op.content && { ...op.content, value: `${op.content.value}1` } })),
  'content taken away': (chain, at) => change(chain, at, (op) => ({ ...op, content: null })),
  remove: (chain, at) => chain.toSpliced(at, 1),
  'insert a copy': (chain, at) => chain.toSpliced(at, 0, chain[at] as KeptOp),
  'swap neighbours': (chain, at) => {
    const next = (at + 1) % chain.length;
    return chain.with(at, chain[next] as KeptOp).with(next, chain[at] as KeptOp);
  },
};
const change = (chain: KeptOp[], at: number, edit: (op: KeptOp) => KeptOp): KeptOp[] =>
  chain.with(at, edit(chain[at] as KeptOp));
const flip = (text: string, at: number): string => {
  const where = at % text.length;
  return text.slice(0, where) + (text[where] === 'x' ? 'y' : 'x') + text.slice(where + 1);
};

test.each(Object.keys(tampers))('tampering is found: %s', (name) => {
  fc.assert(
    fc.property(fc.array(drafts, { minLength: 2, maxLength: 8 }), fc.nat(), (list, nat) => {
      const chain = chainOf(list);
      const tampered = tampers[name]?.(chain, nat % chain.length) ?? chain;
      expect(verifyChain(tampered, endOf(chain), sha256)).not.toEqual([]);
    }),
  );
});

test('the clock never runs backwards', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4_000_000_000_000 })), (times) => {
      let last = '';
      for (const ms of times) {
        const next = tick(last, ms, DEVICE);
        if (next <= last) return false;
        last = next;
      }
      return true;
    }),
  );
  const full = tick('000000000001000-999999-d', 5, 'd');
  expect(full).toBe('000000000001001-000000-d');
});

test('ids carry version and variant, and sort by time', () => {
  const bytes = new Uint8Array(16).fill(255);
  expect(uuid7(1, bytes)).toMatch(/^00000000-0001-7fff-[89ab]fff-f{12}$/);
  expect(uuid7(1, bytes) < uuid7(2, new Uint8Array(10))).toBe(true);
  expect(uuid4(bytes)).toMatch(/^f{8}-f{4}-4fff-[89ab]fff-f{12}$/);
  expect(rowId(sha256, 'op', 'line', 0)).toBe(rowId(sha256, 'op', 'line', 0));
  expect(rowId(sha256, 'op', 'line', 0)).not.toBe(rowId(sha256, 'op', 'taxRow', 0));
  expect(rowId(sha256, 'op', 'line', 0)).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});

test('between two order keys there is always room', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 60 }), (places) => {
      const keys = [orderOfRow(0), orderOfRow(1)];
      for (const place of places) {
        const at = place % (keys.length + 1);
        const key = orderBetween(keys[at - 1] ?? null, keys[at] ?? null);
        expect(isOrderKey(key)).toBe(true);
        keys.splice(at, 0, key);
      }
      expect(keys).toEqual([...new Set(keys)].toSorted());
    }),
  );
  expect(orderBetween('V', 'V') > 'V').toBe(true);
});
