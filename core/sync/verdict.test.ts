import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { digestOf } from '../invoice/decided.ts';
import type { ArrivedOp } from './arrived.ts';
import { duplicateEntity } from '../invoice/duplicate-links.ts';
import { duplicateMergeOp, fieldSetOp, invoiceCreatedOp, readingRecordedOp, transitionOp } from './drafts.ts';
import { type OpDraft, ReadingRecorded } from './op.ts';
import { createPen } from './testing-pen.ts';
import type { RootOp } from './root-log.ts';
import { rootsToRead, type VerdictContext, verdictsOf } from './verdict.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
let ids = 0;
const author = (actor = 'user:a') => {
  ids += 1;
  return { opId: `op${ids}`, actor, salt: '' };
};
const edit = (value: string, parents: string[] = [], invoice = 'inv') =>
  fieldSetOp(author(), invoice, {
    entity: { type: 'invoice', id: 'inv' },
    field: 'grossTotal',
    value,
    parents,
    source: 'manual',
  });

const asRootOp = (op: ArrivedOp, verdict = 'accepted'): RootOp => ({
  body: op.body,
  content: op.content,
  receivedAt: '',
  verdict,
});
const logOf = (drafts: readonly OpDraft[], device = 'site'): RootOp[] => {
  const pen = createPen(device, sha256);
  return drafts.map((draft) => asRootOp(pen.write(draft)));
};

const created = () => invoiceCreatedOp(author(), 'inv', { document: 'd' });
const digest = (log: readonly RootOp[]): string => digestOf(log, sha256);

function judge(drafts: readonly OpDraft[], log: readonly RootOp[], more: Partial<VerdictContext> = {}) {
  const pen = createPen('d', sha256);
  const ops = drafts.map((draft) => pen.write(draft));
  const roots = new Map([['inv', log]]);
  return verdictsOf(ops, { roles: ['reviewer'], bySite: false, roots, sha256, ...more });
}

const confirm = (seen: string): OpDraft[] => [
  transitionOp(author(), 'inv', { from: 'received', to: 'confirmed', digest: seen }),
  transitionOp(author(), 'inv', { from: 'confirmed', to: 'approved', digest: seen }),
];

test('a confirmation holds for the invoice its author saw, with both of its steps', () => {
  const log = logOf([created(), edit('1')]);
  expect(judge(confirm(digest(log)), log)).toEqual(['accepted', 'accepted']);
  const later = [...log, ...logOf([edit('2')], 'other')];
  expect(judge(confirm(digest(log)), later)).toEqual(['refused:stale', 'refused:stale']);
});

const noCorrections = (op: ArrivedOp) => (op.body.kind === 'field.set' ? 'policy' : undefined);

test('what comes with the decision in one batch is part of what was seen', () => {
  const log = logOf([created()]);
  const correction = edit('1');
  const pen = createPen('d', sha256);
  const seen = [...log, asRootOp(pen.write(correction))];
  expect(judge([correction, ...confirm(digest(seen))], log)).toEqual(['accepted', 'accepted', 'accepted']);
  // A rule refuses the correction, so the decision was made over something else.
  expect(judge([correction, ...confirm(digest(seen))], log, { rule: noCorrections })).toEqual([
    'refused:policy',
    'refused:stale',
    'refused:stale',
  ]);
});

test('of two decisions over the same invoice the first one in the log holds', () => {
  const log = logOf([created()]);
  const hold = transitionOp(author(), 'inv', { from: 'received', to: 'on_hold', digest: digest(log) });
  const [first] = judge([hold], log);
  expect(first).toBe('accepted');
  const after = [...log, ...logOf([hold], 'other')];
  expect(judge(confirm(digest(log)), after)[0]).toBe('refused:stale');
  // The same device, the same digest, but not the next step of the decision.
  expect(judge([hold, ...confirm(digest(log))], log)).toEqual(['accepted', 'refused:stale', 'refused:stale']);
});

test('nothing is decided over a conflict, and nothing that is not in the table', () => {
  const conflict = logOf([created(), edit('1'), edit('2')]);
  expect(judge(confirm(digest(conflict)), conflict)[0]).toBe('refused:in_conflict');
  const agreed = logOf([created(), edit('1'), edit('1')]);
  expect(judge(confirm(digest(agreed)), agreed)[0]).toBe('accepted');
  const wild = transitionOp(author(), 'inv', { from: 'received', to: 'exported', digest: digest(agreed) });
  expect(judge([wild], agreed)).toEqual(['refused:not_allowed']);
});

test('exporting is the site’s, but what a station exported while it was alone stays exported', () => {
  const pen = createPen('d', sha256);
  const own = [created()].map((draft) => asRootOp(pen.write(draft)));
  const steps = confirm(digest(own)).map((draft) => asRootOp(pen.write(draft)));
  const before = [...own, ...steps];
  const exported = transitionOp(author(), 'inv', { from: 'approved', to: 'exported', digest: digest(before) });
  const verdictOver = (log: readonly RootOp[], more: Partial<VerdictContext> = {}) => {
    const ops = [pen.write({ ...exported, op_id: author().opId })];
    return verdictsOf(ops, { roles: ['reviewer'], bySite: false, roots: new Map([['inv', log]]), sha256, ...more });
  };
  expect(verdictOver(before)).toEqual(['accepted']);
  const site = logOf([created()]);
  const shared = [...site, ...logOf(confirm(digest(site)), 'd')];
  const again = transitionOp(author(), 'inv', { from: 'approved', to: 'exported', digest: digest(shared) });
  expect(judge([again], shared)).toEqual(['refused:site_only']);
  expect(judge([again], shared, { bySite: true })).toEqual(['accepted']);
});

test('a correction is judged by who wrote it and what it says', () => {
  expect(judge([edit('1')], [], { roles: ['auditor'] })).toEqual(['refused:role']);
  expect(judge([edit('1')], [], { roles: [] })).toEqual(['refused:role']);
  expect(judge([edit('1', [], 'another')], [])).toEqual(['refused:root']);
  const reading = readingRecordedOp(author('service:read'), 'inv', { document: 'd', engineVersion: '1', pages: 1 });
  expect(judge([reading], [])).toEqual(['accepted']);
  expect(judge([reading], [], { roles: ['auditor'] })).toEqual(['refused:role']);
  expect(judge([{ ...reading, actor: 'user:a' }], [])).toEqual(['refused:role']);
  expect(judge([{ ...reading, content: { ...reading.content, value: '{}' } }], [])).toEqual(['refused:content']);
});

test('a reading is found by its bytes, which its text begins with: in another form it is none', () => {
  expect(Object.keys(ReadingRecorded.shape).toSorted()[0]).toBe('blob');
  const blob = 'b'.repeat(64);
  const recorded = { document: 'd', engineVersion: '1', pages: 1, blob };
  const all = { ...recorded, unreadable: { reason: 'r', detail: 'd' } };
  const judged = (value: string | null) => {
    const op = readingRecordedOp(author('service:read'), 'inv', recorded);
    return judge([{ ...op, content: { ...op.content, value } }], []);
  };
  for (const one of [recorded, all]) {
    const { value } = readingRecordedOp(author(), 'inv', one).content;
    expect(value?.startsWith(`{"blob":"${blob}"`)).toBe(true);
    expect(judged(value)).toEqual(['accepted']);
  }
  const [text, rest] = [JSON.stringify(recorded), '"document":"d","engineVersion":"1","pages":1}'];
  for (const odd of [
    text,
    `{ "blob":"${blob}",${rest}`,
    `{"a":0,"blob":"${blob}",${rest}`,
    `{"blob":"${blob.replace('b', '\\u0062')}",${rest}`,
    `{"blob":"${'c'.repeat(64)}","blob":"${blob}",${rest}`,
  ])
    expect(judged(odd)).toEqual(['refused:content']);
  // Of no bytes.
  expect(judged(`{${rest}`)).toEqual(['accepted']);
});

test('a decision without its content is none', () => {
  const pen = createPen('d', sha256);
  const hold = pen.write(transitionOp(author(), 'inv', { from: 'received', to: 'on_hold', digest: digest([]) }));
  const context = { roles: ['reviewer'] as const, roots: new Map(), sha256 };
  expect(verdictsOf([{ ...hold, content: null }], { ...context, bySite: false })).toEqual(['refused:content']);
  expect(verdictsOf([{ ...hold, content: null }], { ...context, bySite: true })).toEqual(['accepted']);
});

test('a kind of a newer version is kept and not judged', () => {
  const newer = { ...edit('1'), kind: 'cell.painted' };
  expect(judge([newer], [])).toEqual(['accepted']);
  expect(judge([newer], [], { roles: ['auditor'] })).toEqual(['refused:role']);
});

test('nobody writes in the name of somebody else', () => {
  const writer = { actor: 'user:a', foreign: new Set(['local:other']), since: 0 };
  const by = (actor: string) => judge([{ ...edit('1'), actor }], [], { writer })[0];
  for (const actor of ['user:a', 'local:own', 'service:read']) expect(by(actor)).toBe('accepted');
  for (const actor of ['user:b', 'local:other', '', 'a']) expect(by(actor)).toBe('refused:actor');
  expect(judge([{ ...edit('1'), actor: 'user:b' }], [], { writer, bySite: true })).toEqual(['accepted']);
});

test('a device that nobody knows names nobody of this site', () => {
  const writer = { actor: null, foreign: new Set(['user:b', 'local:other']), since: Infinity };
  const by = (actor: string) => judge([{ ...edit('1'), actor }], [], { writer })[0];
  for (const actor of ['user:a', 'user:gone', 'local:own', 'service:read']) expect(by(actor)).toBe('accepted');
  for (const actor of ['user:b', 'local:other']) expect(by(actor)).toBe('refused:actor');
});

test('a station that is connected neither exports nor approves what it did not confirm', () => {
  const pen = createPen('d', sha256);
  const own = [asRootOp(pen.write(created()))];
  const steps = confirm(digest(own)).map((draft) => asRootOp(pen.write(draft)));
  const before = [...own, ...steps];
  const exported = pen.write(
    transitionOp(author(), 'inv', { from: 'approved', to: 'exported', digest: digest(before) }),
  );
  const over = (
    op: ArrivedOp,
    log: readonly RootOp[],
    since: number,
    roles: VerdictContext['roles'] = ['reviewer'],
  ) => {
    const writer = { actor: 'user:a', foreign: new Set<string>(), since };
    return verdictsOf([op], { roles, bySite: false, writer, roots: new Map([['inv', log]]), sha256 })[0];
  };
  // Clocks of pens begin with the first millisecond.
  expect(over(exported, before, 0)).toBe('accepted');
  expect(over(exported, before, -3_600_000)).toBe('refused:site_only');
  const confirmed = [...logOf([created()]), ...steps.slice(0, 1)].map((op, at) =>
    at === 1 ? asRootOp(createPen('e', sha256).write(confirm(digest(own))[0] ?? created())) : op,
  );
  const [approve] = [transitionOp(author(), 'inv', { from: 'confirmed', to: 'approved', digest: digest(confirmed) })];
  const approval = pen.write(approve);
  expect(over(approval, confirmed, 0)).toBe('refused:role');
  expect(over(approval, confirmed, 0, ['approver'])).toBe('accepted');
});

test('only roots with a decision have to be read', () => {
  const pen = createPen('d', sha256);
  const ops = [edit('1'), ...confirm('x')].map((draft) => pen.write(draft));
  expect(rootsToRead(ops)).toEqual(['inv']);
  expect(rootsToRead(ops.slice(0, 1))).toEqual([]);
});

const merge = (seen: string, kept: string, invoice = 'inv'): OpDraft =>
  duplicateMergeOp(author(), invoice, duplicateEntity(invoice, kept), {
    from: 'received',
    to: 'duplicate',
    digest: seen,
    kept,
  });
const otherCreated = () => invoiceCreatedOp(author(), 'other', { document: 'd' });

test('closing an invoice as a duplicate is a decision like any other', () => {
  const log = logOf([created(), edit('1')]);
  const roots = new Map([
    ['inv', log],
    ['other', logOf([otherCreated()])],
  ]);
  expect(judge([merge(digest(log), 'other')], log, { roots })).toEqual(['accepted']);
  expect(judge([merge('older', 'other')], log, { roots })).toEqual(['refused:stale']);
  expect(judge([merge(digest(log), 'other')], log, { roots, roles: ['auditor'] })).toEqual(['refused:role']);
  const pen = createPen('d', sha256);
  expect(rootsToRead([pen.write(merge('x', 'other'))])).toEqual(['inv', 'other']);
});

test('of two that are closed into each other one stays', () => {
  const log = logOf([created()]);
  const other = logOf([otherCreated()]);
  const roots = new Map([
    ['inv', log],
    ['other', other],
  ]);
  const both = [merge(digest(log), 'other'), merge(digest(other), 'inv', 'other')];
  expect(judge(both, log, { roots })).toEqual(['accepted', 'refused:kept_is_closed']);
  expect(judge([merge(digest(log), 'nobody')], log, { roots })).toEqual(['refused:no_such_invoice']);
  expect(judge([merge(digest(log), 'inv')], log, { roots })).toEqual(['refused:no_such_invoice']);
});

test('an invoice with a conflict that came in behind its confirmation can be opened again, and decided in no other way', () => {
  const approved = [created(), edit('1'), ...confirm('x')];
  const torn = logOf([...approved, edit('2')]);
  const step = (to: string) => transitionOp(author(), 'inv', { from: 'approved', to, digest: digest(torn) });
  expect(judge([step('received')], torn)).toEqual(['accepted']);
  expect(judge([step('on_hold')], torn)).toEqual(['refused:in_conflict']);
});
