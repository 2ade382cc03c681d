import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ACTIONS, type Action } from './actions.ts';
import { can, GRANTS, grants, type Facts } from './can.ts';
import { ROLES, type Role } from './roles.ts';

/** Written out by hand, column by column: reviewer, approver, admin, auditor, service. `x` may, `.` may not. */
const MATRIX: Readonly<Record<Action, string>> = {
  'invoice.read': 'xxxxx',
  'invoice.upload': 'xxx.x',
  'invoice.correct': 'xxx..',
  'invoice.reread': 'xxx..',
  'invoice.confirm': 'xxx..',
  'invoice.resolve': 'xxx..',
  'invoice.approve': '.x...',
  'document.read': 'xxxxx',
  'export.read': '.xxxx',
  'export.create': '.xx.x',
  'vendor.read': 'xxxxx',
  'vendor.teach': 'xxx..',
  'vendor.bank': '.xx..',
  'settings.read': 'xxxx.',
  'settings.change': '..x..',
  'jobs.read': 'xxxx.',
  'jobs.replay': '..x..',
  'user.read': '..xx.',
  'user.change': '..x..',
  'device.own': 'xxxx.',
  'device.read': '..xx.',
  'device.revoke': '..x..',
  'webhook.read': '..xx.',
  'webhook.change': '..x..',
  'audit.read': '..xx.',
  'sync.pull': 'xxxx.',
  'sync.push': 'xxx..',
  'lease.release': '..x..',
  'release.publish': '..x..',
  'data.erase': '..x..',
  'session.own': 'xxxxx',
  'workspace.switch': '.....',
};

const EUR = (minor: bigint) => ({ currency: 'EUR', minor });
/** Facts under which nothing but the role refuses. */
const best = (action: Action): Facts => ({
  ownSite: true,
  own: GRANTS[action].narrowed === 'only-own',
  approval: { amount: EUR(100n), limits: [EUR(100n)], ownWork: false },
});

const cells = ACTIONS.flatMap((action) => ROLES.map((role, column) => ({ action, role, column })));

test.each(cells)('$role: $action', ({ action, role, column }) => {
  const may = MATRIX[action][column] === 'x';
  expect(grants(role, action)).toBe(may);
  expect(can(role, action, best(action))).toEqual(may ? { kind: 'allowed' } : { kind: 'refused', why: 'role' });
  expect(can(role, action, { ...best(action), ownSite: false })).toEqual({ kind: 'refused', why: 'site' });
});

test('no row is missing and none is left over', () => {
  expect(Object.keys(MATRIX).toSorted()).toEqual([...ACTIONS].toSorted());
  for (const row of Object.values(MATRIX)) expect(row).toMatch(/^[x.]{5}$/);
});

test('a fact that is not given is no permission', () => {
  for (const action of ACTIONS)
    for (const role of ROLES) {
      const decision = can(role, action, { ownSite: true });
      const free = grants(role, action) && GRANTS[action].narrowed === 'free';
      expect(decision.kind).toBe(free ? 'allowed' : 'refused');
    }
});

const approve = (approval: NonNullable<Facts['approval']>) =>
  can('approver', 'invoice.approve', { ownSite: true, approval });
const why = (approval: NonNullable<Facts['approval']>) => {
  const decision = approve(approval);
  return decision.kind === 'refused' ? decision.why : 'allowed';
};

test('limits are of their currency, to the cent, and hold for credit notes too', () => {
  const limits = [EUR(1_000_000n), { currency: 'JPY', minor: 50_000n }];
  expect(why({ amount: EUR(1_000_000n), limits, ownWork: false })).toBe('allowed');
  expect(why({ amount: EUR(1_000_001n), limits, ownWork: false })).toBe('over-limit');
  expect(why({ amount: EUR(-1_000_001n), limits, ownWork: false })).toBe('over-limit');
  expect(why({ amount: { currency: 'JPY', minor: 50_001n }, limits, ownWork: false })).toBe('over-limit');
  expect(why({ amount: { currency: 'CHF', minor: 1n }, limits, ownWork: false })).toBe('no-limit');
  expect(why({ amount: null, limits, ownWork: false })).toBe('no-amount');
  expect(why({ amount: EUR(1n), limits: [], ownWork: false })).toBe('no-limit');
});

test('four eyes come before any limit', () => {
  expect(why({ amount: EUR(1n), limits: [EUR(10n)], ownWork: true })).toBe('own-work');
});

test('nobody changes the own account, confirms the own bank change, or enrols for another', () => {
  expect(can('admin', 'user.change', { ownSite: true, own: true })).toEqual({ kind: 'refused', why: 'own-account' });
  expect(can('approver', 'vendor.bank', { ownSite: true, own: true })).toEqual({ kind: 'refused', why: 'own-account' });
  expect(can('reviewer', 'device.own', { ownSite: true, own: false })).toEqual({ kind: 'refused', why: 'role' });
});

test('more amount or more own work never allows more', () => {
  const minor = fc.bigInt({ min: -10_000n, max: 10_000n });
  fc.assert(
    fc.property(
      fc.constantFrom<Role>(...ROLES),
      minor,
      fc.nat(10_000),
      fc.boolean(),
      (role, amount, limit, ownWork) => {
        const facts = (value: bigint, own: boolean): Facts => ({
          ownSite: true,
          approval: { amount: EUR(value), limits: [EUR(BigInt(limit))], ownWork: own },
        });
        const is = (value: bigint, own: boolean) => can(role, 'invoice.approve', facts(value, own)).kind === 'allowed';
        const may = is(amount, ownWork);
        expect(may && ownWork).toBe(false);
        expect(!may || (is(amount, false) && is(amount / 2n, ownWork))).toBe(true);
        expect(may || !is(amount, true)).toBe(true);
      },
    ),
  );
});
