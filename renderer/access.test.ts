import { expect, test } from 'vitest';
import { ACTIONS } from '../core/access/actions.ts';
import { grants } from '../core/access/can.ts';
import { ROLES } from '../core/access/roles.ts';
import { may } from './access.ts';

test('at a site exactly what the role allows, and nothing before it is known', () => {
  for (const role of ROLES) {
    const me = { actions: ACTIONS.filter((action) => grants(role, action)) };
    for (const action of ACTIONS)
      expect({ role, action, may: may({ status: { place: 'site' }, me }, action) }).toEqual({
        role,
        action,
        may: grants(role, action),
      });
  }
  for (const action of ACTIONS) expect(may({ status: { place: 'site' }, me: null }, action)).toBe(false);
});

test('a station has everything but other people', () => {
  const station = { status: { place: 'station' as const }, me: null };
  expect(ACTIONS.filter((action) => !may(station, action))).toEqual([
    'user.read',
    'user.change',
    'device.own',
    'device.read',
    'device.revoke',
    'audit.read',
    'lease.release',
  ]);
});
