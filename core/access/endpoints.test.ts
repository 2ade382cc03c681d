import { expect, test } from 'vitest';
import { accessApi } from '../contract/access.ts';
import { api } from '../contract/http.ts';
import { syncApi } from '../contract/sync-http.ts';
import { leaseApi, togetherApi } from '../contract/together-http.ts';
import { webhooksApi } from '../contract/webhooks.ts';
import { TRANSITIONS } from '../invoice/transitions.ts';
import { ACTIONS } from './actions.ts';
import { GRANTS } from './can.ts';
import { ENDPOINT_ACTIONS, transitionAction } from './endpoints.ts';

const endpoints = { ...api, ...accessApi, ...syncApi, ...togetherApi, ...leaseApi, ...webhooksApi };

test('every endpoint is an action, and no name is left over', () => {
  const missing = Object.keys(endpoints).filter((name) => !Object.hasOwn(ENDPOINT_ACTIONS, name));
  expect(missing, 'name them in core/access/endpoints.ts').toEqual([]);
  const left = Object.keys(ENDPOINT_ACTIONS).filter((name) => !Object.hasOwn(endpoints, name));
  expect(left).toEqual([]);
});

test('only what a contract calls open is open', () => {
  for (const [name, endpoint] of Object.entries(endpoints)) {
    const open = 'open' in endpoint && endpoint.open;
    expect({ name, open: ENDPOINT_ACTIONS[name] === 'open' }).toEqual({ name, open });
  }
});

test('the two contracts share no name and no address', () => {
  const shared = Object.keys(accessApi).filter((name) => Object.hasOwn(api, name));
  expect(shared).toEqual([]);
  const places = Object.values(endpoints).map(({ method, path }) => `${method} ${path.replaceAll(/:\w+/g, ':')}`);
  expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
});

test('every state has an action; what nobody wishes for needs the most', () => {
  for (const state of Object.keys(TRANSITIONS)) expect(ACTIONS).toContain(transitionAction(state));
  for (const state of ['approved', 'staged', 'exported', 'nonsense', undefined, {}])
    expect(GRANTS[transitionAction(state)].roles).toEqual(['approver']);
});
