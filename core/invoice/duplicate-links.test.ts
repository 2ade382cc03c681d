import { expect, test } from 'vitest';
import {
  type Author,
  duplicateMergeOp,
  duplicateNotOp,
  duplicateReopenedOp,
  duplicateSuspectedOp,
  transitionOp,
} from '../sync/drafts.ts';
import type { OpDraft } from '../sync/op.ts';
import { stateOf } from './decided.ts';
import { duplicateEntity, duplicateLinks } from './duplicate-links.ts';
import { type LogOp, pendingOp } from './log.ts';

const by = (opId: string, actor = 'user:a'): Author => ({ opId, actor, salt: '' });
const pair = duplicateEntity('mine', 'other');
const suspected = duplicateSuspectedOp(by('s', 'service:validate'), 'mine', pair, { why: 'same-file' });
const not = (id: string) => duplicateNotOp(by(id), 'mine', pair, 'a second delivery');
const reopened = (id: string, parents: string[]) => duplicateReopenedOp(by(id), 'mine', pair, parents);
const merge = (id: string) =>
  duplicateMergeOp(by(id), 'mine', pair, { from: 'received', to: 'duplicate', digest: 'd', kept: 'other' });
const step = (from: string, to: string) => transitionOp(by(`${from}-${to}`), 'mine', { from, to, digest: 'd' });

function links(drafts: readonly OpDraft[], refused = ''): string {
  const ops = drafts.map((draft): LogOp => ({
    ...pendingOp(draft, ''),
    verdict: draft.op_id === refused ? 'refused:stale' : 'accepted',
  }));
  const state = stateOf(ops);
  return [state, ...duplicateLinks(ops, state).map(({ other, kind }) => `${kind} ${other}`)].join(', ');
}

test('suspected, then called no duplicate, then asked again', () => {
  expect(links([suspected])).toBe('received, suspected other');
  expect(links([suspected, not('n')])).toBe('received, not other');
  expect(links([suspected, not('n'), reopened('r', ['n'])])).toBe('received, suspected other');
  expect(links([not('n'), reopened('r', ['n'])])).toBe('received');
});

test('who takes it back has not seen what another said at the same time: that stands', () => {
  expect(links([not('n'), not('m'), reopened('r', ['n'])])).toBe('received, not other');
});

test('a merge closes and points; reopening is the way back', () => {
  expect(links([suspected, merge('m')])).toBe('duplicate, merged other');
  expect(links([suspected, merge('m'), step('duplicate', 'received')])).toBe('received, suspected other');
  // Closed again by hand, without saying into which.
  const again = [suspected, merge('m'), step('duplicate', 'received'), step('received', 'duplicate')];
  expect(links(again)).toBe('duplicate, suspected other');
});

test('closed by one and called no duplicate by another: told, not overwritten', () => {
  expect(links([suspected, merge('m'), not('n')])).toBe('duplicate, disputed other');
});

test('what was refused is not said', () => {
  expect(links([suspected, merge('m')], 'm')).toBe('received, suspected other');
  expect(links([not('n')], 'n')).toBe('received');
});
