import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Invoice } from '../contract/invoice.ts';
import { INVOICE_STATES, type InvoiceState } from './states.ts';
import { decideTransition, TRANSITIONS } from './transitions.ts';

const invoice = (state: InvoiceState, more: Partial<Invoice> = {}): Invoice => ({
  id: 'i',
  revision: 3,
  state,
  status: 'ready',
  createdAt: '',
  updatedAt: '',
  document: { sha256: '', name: '', mime: '', size: 0 },
  reading: { op: 'r', at: '', engineVersion: '1', source: 'text', pages: [], notes: [] },
  header: {},
  lines: [],
  taxRows: [],
  findings: [],
  judged: null,
  attention: [],
  digest: 'seen',
  ...more,
});

/** The table once more, the other way round and by hand: who may come to a state from where. */
const COMES_FROM: Record<InvoiceState, readonly InvoiceState[]> = {
  received: ['confirmed', 'approved', 'staged', 'rejected', 'on_hold', 'info_requested', 'duplicate', 'void'],
  confirmed: ['received'],
  approved: ['confirmed', 'staged'],
  staged: ['approved'],
  exported: ['approved', 'staged'],
  rejected: ['received', 'confirmed', 'approved'],
  on_hold: ['received', 'confirmed', 'approved'],
  info_requested: ['received'],
  duplicate: ['received'],
  void: ['received'],
};

test('no other transition happens than the table has, whatever is wished for', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...INVOICE_STATES),
      fc.oneof(
        fc.constantFrom<string>(...INVOICE_STATES),
        fc.string(),
        fc.constantFrom('ready', '__proto__', 'constructor'),
      ),
      fc.constantFrom('seen', 'older'),
      (from, to, digest) => {
        const decision = decideTransition(invoice(from), { to, digest });
        const allowed =
          digest === 'seen' &&
          Object.hasOwn(COMES_FROM, to) &&
          COMES_FROM[to as InvoiceState].includes(from) &&
          !['approved', 'staged', 'exported'].includes(to);
        expect(decision.kind === 'ok').toBe(allowed);
        if (decision.kind !== 'ok') return;
        expect(decision.transitions[0]).toEqual({ from, to, digest: 'seen' });
        for (const step of decision.transitions) expect(COMES_FROM[step.to]).toContain(step.from);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('every walk ends only in an export: until then it can go back to the start', () => {
  for (const state of INVOICE_STATES) {
    const reopens = state === 'received' || state === 'exported' || TRANSITIONS[state].includes('received');
    expect(reopens).toBe(true);
  }
  expect(TRANSITIONS.exported).toEqual([]);
});

test('what is confirmed is approved at once, as there is no approval gate yet', () => {
  const decision = decideTransition(invoice('received'), { to: 'confirmed', digest: 'seen' });
  expect(decision).toMatchObject({
    kind: 'ok',
    transitions: [{ to: 'confirmed' }, { from: 'confirmed', to: 'approved' }],
  });
});

test('stale, in conflict and unread invoices are refused with the reason', () => {
  expect(decideTransition(invoice('received'), { to: 'confirmed', digest: 'older' })).toEqual({ kind: 'stale' });
  const cell = {
    value: '1',
    text: '',
    source: 'manual' as const,
    confidence: 1,
    reasons: [],
    candidates: [],
    parents: [],
    conflict: [
      { op: 'a', value: '1', actor: '', at: '' },
      { op: 'b', value: '2', actor: '', at: '' },
    ],
  };
  const torn = invoice('received', { header: { grossTotal: cell } });
  expect(decideTransition(torn, { to: 'confirmed', digest: 'seen' })).toEqual({
    kind: 'in-conflict',
    cells: [{ entity: { type: 'invoice', id: 'i' }, field: 'grossTotal' }],
  });
  expect(decideTransition(invoice('received', { reading: null }), { to: 'confirmed', digest: 'seen' })).toMatchObject({
    kind: 'not-allowed',
    why: 'reading',
  });
  expect(decideTransition(invoice('exported'), { to: 'received', digest: 'seen' })).toMatchObject({
    kind: 'not-allowed',
  });
});

const withFinding = (severity: 'error' | 'warning'): Invoice =>
  invoice('received', {
    findings: [{ code: 'TOTAL_MISMATCH', severity, cells: [], params: {}, clear: '', version: 1 }],
  });

test('what a rule calls an error is confirmed with a reason only; a warning needs none', () => {
  const wish = { to: 'confirmed', digest: 'seen' };
  expect(decideTransition(withFinding('error'), wish)).toMatchObject({ kind: 'not-allowed', why: 'reason' });
  expect(decideTransition(withFinding('error'), { ...wish, reason: '  ' })).toMatchObject({ why: 'reason' });
  expect(decideTransition(withFinding('error'), { ...wish, reason: 'The vendor agreed by phone' }).kind).toBe('ok');
  expect(decideTransition(withFinding('warning'), wish).kind).toBe('ok');
});

test('what is in conflict is opened again, and nothing else happens to it', () => {
  const torn = { conflicts: 1 };
  expect(decideTransition(invoice('approved', torn), { to: 'received', digest: 'seen' }).kind).toBe('ok');
  expect(decideTransition(invoice('approved', torn), { to: 'on_hold', digest: 'seen' }).kind).toBe('in-conflict');
});
