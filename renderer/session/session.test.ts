import { afterEach, expect, test, vi } from 'vitest';
import type { Me } from '../../core/contract/access.ts';
import { ApiError } from '../api.ts';
import type { Client } from '../api.ts';
import { createAppStore } from '../app-store.ts';
import type { ReviewStore } from '../review/review-store.ts';
import { createSession, hasLeft, signInAgain } from './session.ts';

const stops: (() => void)[] = [];
afterEach(() => stops.splice(0).forEach((stop) => stop()));

function storage(kept: Record<string, string> = {}) {
  const map = new Map(Object.entries(kept));
  return {
    map,
    key: (index: number) => [...map.keys()][index] ?? null,
    get length() {
      return map.size;
    },
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  };
}

function setUp(tab = storage()) {
  const heard: ((error: ApiError) => void)[] = [];
  const went: string[] = [];
  const opened: string[] = [];
  const clock = { now: 1_000_000 };
  const client = {
    onRefusal: (listen: (error: ApiError) => void) => {
      heard.push(listen);
      return () => undefined;
    },
    signOut: vi.fn<() => Promise<{ signedOut: boolean }>>(() => Promise.resolve({ signedOut: true })),
    me: vi.fn<() => Promise<unknown>>(() => Promise.resolve({ account: 'a', actions: [] })),
  };
  const app = createAppStore(client as unknown as Client, { screen: 'inbox' });
  const browser = storage({ 'ap.reasons.rejected': 'not ours', 'ap.look': '{}' });
  let drafts: Record<string, string> = {};
  const review = {
    getState: () => ({ drafts, docs: {} }),
    setState: (state: { drafts: Record<string, string> }) => ({ drafts } = state),
  };
  const session = createSession({
    client,
    app,
    review: review as unknown as ReviewStore,
    places: {
      location: {
        hash: '#/review/7',
        assign: (url) => void went.push(String(url)),
        replace: (url) => void went.push(String(url)),
      },
      tab,
      browser,
      open: (url) => opened.push(url),
      now: () => clock.now,
    },
  });
  stops.push(session.start(() => undefined));
  return {
    app,
    session,
    client,
    tab,
    browser,
    went,
    opened,
    clock,
    refuse: (error: ApiError) => heard.forEach((listen) => listen(error)),
    type: (text: string) => (drafts = { cell: text }),
    drafts: () => drafts,
    shown: () => app.setState({ status: { place: 'site' } as never, me: { account: 'a', name: 'Ada' } as Me }),
  };
}

const SIGN_IN = `/session/sign-in?to=${encodeURIComponent('/#/review/7')}`;
const signedOut = new ApiError('unauthorized', 'sign in', { reason: 'signed-out' });

test('before anything is shown it goes to sign in, once, and comes back to the same place', () => {
  const { refuse, went, app } = setUp();
  refuse(signedOut);
  refuse(signedOut);
  expect(went).toEqual([SIGN_IN]);
  expect(app.getState().session).toBe('open');
});

test('back without being signed in it does not go round for ever', () => {
  const first = setUp();
  first.refuse(signedOut);
  const second = setUp(first.tab);
  second.refuse(signedOut);
  expect(second.went).toEqual([]);
  expect(second.app.getState().session).toBe('ended');
  second.session.signIn();
  expect(second.went).toEqual([SIGN_IN]);
  // Much later it is another time.
  const third = setUp(first.tab);
  third.clock.now += 60_000;
  third.refuse(signedOut);
  expect(third.went).toEqual([SIGN_IN]);
});

test('in the middle of work the window stays, and signs in beside', () => {
  const { refuse, went, opened, app, session, shown, type, drafts } = setUp();
  shown();
  type('half a wo');
  refuse(signedOut);
  expect({ session: app.getState().session, went, drafts: drafts() }).toEqual({
    session: 'ended',
    went: [],
    drafts: { cell: 'half a wo' },
  });
  session.signIn();
  expect(opened).toEqual([`/session/sign-in?to=${encodeURIComponent('/#/signed-in')}`]);
  expect(went).toEqual([]);
  refuse(new ApiError('unauthorized', 'revoked', { reason: 'device-revoked' }));
  expect(app.getState().session).toBe('revoked');
});

test('a station has no sign-in: its window without a token says so', () => {
  const { refuse, went, app } = setUp();
  refuse(new ApiError('unauthorized', 'the token is missing'));
  expect(app.getState()).toMatchObject({ unauthorized: true, session: 'open' });
  expect(went).toEqual([]);
});

test('a role that was taken away is asked for again', () => {
  const { refuse, client } = setUp();
  refuse(new ApiError('forbidden', 'no', { action: 'invoice.correct', role: 'auditor' }));
  expect(client.me).toHaveBeenCalledTimes(1);
});

test('what one person left in a tab is not the next one’s', () => {
  const tab = storage({ 'ap.person': 'somebody' });
  const { session, shown, type, drafts, browser } = setUp(tab);
  type('of the one before');
  shown();
  session.arrived();
  expect(drafts()).toEqual({});
  expect([...browser.map.keys()]).toEqual(['ap.look']);
  type('my own');
  session.arrived();
  expect(drafts()).toEqual({ cell: 'my own' });
});

test('signed out, the window stays out until somebody asks to sign in', async () => {
  const { session, shown, tab, went, drafts, type } = setUp();
  shown();
  type('x');
  expect(session.unsaved()).toBe(true);
  await session.signOut();
  expect(hasLeft(tab)).toBe(true);
  expect(drafts()).toEqual({});
  expect(went).toEqual(['/']);
  signInAgain({ location: { hash: '', assign: (url: string | URL) => void went.push(String(url)) }, tab } as never);
  expect(hasLeft(tab)).toBe(false);
  expect(went.at(-1)).toBe('/session/sign-in?to=%2F');
});

test('a sign-out that does not reach the server is none', async () => {
  const { session, shown, tab, client, app } = setUp();
  shown();
  client.signOut.mockRejectedValueOnce(new ApiError('offline', 'no answer'));
  await session.signOut();
  expect(hasLeft(tab)).toBe(false);
  expect(app.getState().messages[0]?.tone).toBe('error');
});
