import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { OP_SCHEMA } from '../contract/version.ts';
import type { ArrivedOp } from './arrived.ts';
import {
  eraseAskedOp,
  eraseConfirmedOp,
  eraseWithdrawnOp,
  fieldSetOp,
  invoiceCreatedOp,
  documentAddedOp,
} from './drafts.ts';
import { erasedBy } from './erase.ts';
import { type BatchFacts, type HeldOp, judgeBatch } from './push.ts';
import type { RootOp } from './root-log.ts';
import { canonicalJson } from './canonical.ts';
import { NO_HASH } from './seal.ts';
import { createPen, type Pen } from './testing-pen.ts';
import { rootsToRead, type VerdictContext, verdictsOf } from './verdict.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const INVOICE: string = '0198a000-0000-7000-8000-000000000001';
const OTHER = '0198a000-0000-7000-8000-000000000002';
const DOCUMENT = sha256('a file');
const ground = 'objection' as const;
const scope = { invoices: [INVOICE], documents: [DOCUMENT], ground, forced: false };

let ids = 0;
const author = () => {
  ids += 1;
  return { opId: `op${ids}`, actor: 'user:a', salt: '' };
};
const asRootOp = (op: ArrivedOp): RootOp => ({ ...op, receivedAt: '', verdict: 'accepted' });

const asked = (what: Partial<typeof scope> = {}) => eraseAskedOp(author(), 'e', { ...scope, ...what }, 'a letter');
const confirmed = (what: Partial<typeof scope> = {}) =>
  eraseConfirmedOp(author(), 'e', { ...scope, ...what, asked: 'op' }, 'a letter');
const created = (invoice = INVOICE) => invoiceCreatedOp(author(), invoice, { document: DOCUMENT });
const document = (root = DOCUMENT) =>
  documentAddedOp(author(), root, { name: 'a.pdf', mime: 'application/pdf', size: 1, channel: 'watch' });

/** What the site holds of a station that was its own site; it has an invoice and its document, and asked to erase them. */
function alone() {
  const pen = createPen('d', sha256);
  const roots = new Map<string, RootOp[]>();
  const hold = (op: ArrivedOp): void => {
    roots.set(op.body.root, [...(roots.get(op.body.root) ?? []), asRootOp(op)]);
  };
  for (const draft of [document(), created(), asked()]) hold(pen.write(draft));
  return { pen, roots, hold };
}
const judge = (ops: readonly ArrivedOp[], roots: VerdictContext['roots'], more: Partial<VerdictContext> = {}) =>
  verdictsOf(ops, { roles: ['reviewer'], bySite: false, roots, sha256, ...more });
/** Seals content as it is, in the form of no version. */
const odd = (pen: Pen, op: ArrivedOp, value: string | null, schema = OP_SCHEMA): ArrivedOp => ({
  ...op,
  body: { ...op.body, schema },
  content: value === null ? null : { value, reason: null, salt: '' },
  hash: `${pen.device}${value}`,
});

test('a station may have erased what is its own, and nobody else’s', () => {
  const { pen, roots, hold } = alone();
  expect(judge([pen.write(asked()), pen.write(confirmed())], roots)).toEqual(['accepted', 'accepted']);
  hold(createPen('other', sha256).write(created()));
  expect(judge([pen.write(confirmed())], roots)).toEqual(['refused:site_only']);
  expect(judge([pen.write(confirmed())], roots, { bySite: true })).toEqual(['accepted']);
});

test('it is judged with what came before it in the batch', () => {
  const pen = createPen('d', sha256);
  const ops = [document(), created(), asked(), confirmed()].map((draft) => pen.write(draft));
  expect(rootsToRead(ops)).toEqual(['e', INVOICE, DOCUMENT]);
  expect(judge(ops, new Map())).toEqual(ops.map(() => 'accepted'));
});

test('what no log is about is no station’s to erase: bytes of others have none', () => {
  const { pen, roots, hold } = alone();
  const of = (what: Partial<typeof scope>) => judge([pen.write(asked(what)), pen.write(confirmed(what))], roots);
  const no = ['refused:site_only', 'refused:site_only'];
  expect(of({ documents: [sha256('a reading')] })).toEqual(no);
  expect(of({ invoices: [OTHER] })).toEqual(no);
  // Its own word about it makes nothing an invoice.
  const entity = { type: 'invoice', id: OTHER } as const;
  hold(
    pen.write(fieldSetOp(author(), OTHER, { entity, field: 'currency', value: 'EUR', parents: [], source: 'manual' })),
  );
  expect(of({ invoices: [OTHER] })).toEqual(no);
});

test('names that stand in everything are no invoices', () => {
  const { pen, roots } = alone();
  for (const name of ['', '-', 'a', DOCUMENT]) {
    const op = pen.write(confirmed({ invoices: [name] }));
    expect(judge([op], roots)).toEqual(['refused:content']);
    expect(erasedBy(op)).toBeUndefined();
  }
});

test('an erasure in a form that nobody knows is refused and carried out by nobody', () => {
  const { pen, roots } = alone();
  const names = canonicalJson({ invoices: [INVOICE], documents: [DOCUMENT] });
  const whole = pen.write(confirmed());
  const wild = [
    odd(pen, whole, names, 99),
    odd(pen, whole, whole.content?.value ?? '', OP_SCHEMA + 1),
    odd(pen, whole, 'no JSON', 99),
    odd(pen, whole, names),
    odd(pen, whole, null),
    { ...odd(pen, whole, null), erased: 'op' },
    odd(pen, pen.write(asked()), null),
    odd(pen, pen.write(asked()), whole.content?.value ?? '', 99),
  ];
  for (const op of wild) {
    expect(judge([op], roots)).toEqual(['refused:content']);
    expect(erasedBy(op)).toBeUndefined();
  }
});

test('a station ends no erasure that somebody else asked for', () => {
  const { pen, roots } = alone();
  const withdraw = () => pen.write(eraseWithdrawnOp(author(), 'e'));
  expect(judge([withdraw()], roots)).toEqual(['accepted']);
  const since = { actor: 'user:a', foreign: new Set<string>(), since: -3_600_001 };
  expect(judge([withdraw()], roots, { writer: since })).toEqual(['refused:site_only']);
  const site = createPen('site', sha256);
  const open = new Map(roots).set('e', [asRootOp(site.write(asked()))]);
  expect(judge([withdraw(), pen.write(confirmed())], open)).toEqual(['refused:site_only', 'refused:site_only']);
  expect(judge([withdraw()], new Map())).toEqual(['refused:site_only']);
});

test('content that comes later makes no erasure of a station’s; the site’s own is filled in', () => {
  const pen = createPen('d', sha256);
  const op = pen.write(confirmed());
  const batch = { device: 'd', epoch: 0, ops: [op] as const, head: pen.head(1), waived: new Set<string>() };
  const held = (verdict: string): BatchFacts => {
    const row: HeldOp = { opId: op.body.op_id, hash: op.hash, seq: 1, verdict, content: 'missing' };
    return { epoch: 0, end: { devSeq: 1, hash: NO_HASH }, held: new Map([[1, row]]), known: new Set() };
  };
  const fills = (verdict: string, bySite?: boolean): unknown => {
    const judged = judgeBatch(batch, held(verdict), bySite);
    return judged.kind === 'ok' ? judged.fills.length : judged;
  };
  expect([fills('accepted'), fills('accepted', true), fills('refused:content')]).toEqual([0, 1, 1]);
});
