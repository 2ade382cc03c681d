import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NewEvent } from '../../../core/access/audit-event.ts';
import type { ThrottlePolicy } from '../../../core/access/throttle.ts';
import type { Account, StoredDevice } from '../account.ts';
import { verifyEvents } from '../audit.ts';
import type { AccessRecord, AccessStore } from './access-store.ts';
import { implementations, type MadeAccess } from './testing-access-stores.ts';

const account = (login: string, more: Partial<Account> = {}): Account => ({
  id: randomUUID(),
  login,
  name: login,
  role: 'reviewer',
  limits: [{ currency: 'EUR', minor: '100000' }],
  state: 'active',
  password: null,
  totp: null,
  totpStep: 0,
  recovery: [],
  invitation: null,
  validFrom: 0,
  subject: null,
  publicKey: null,
  createdAt: '2026-05-01T06:00:00.000Z',
  lastSignInAt: null,
  version: 1,
  ...more,
});
const device = (owner: string, more: Partial<StoredDevice> = {}): StoredDevice => ({
  id: randomUUID(),
  account: owner,
  name: 'Desk 4',
  publicKey: randomUUID(),
  grant: null,
  createdAt: '2026-05-01T06:00:00.000Z',
  lastSeenAt: null,
  revokedAt: null,
  revokedBy: null,
  platform: null,
  program: null,
  version: 1,
  ...more,
});
const told = (kind: NewEvent['kind'] = 'sign-in'): NewEvent => ({
  kind,
  at: '2026-05-01T06:00:00.000Z',
  actor: 'user:x',
  data: { address: '192.0.2.1' },
});
const newSite = (): string => `s-${randomUUID().slice(0, 8)}`;
const add = (store: AccessStore, site: string, one: Account) =>
  store.commit(site, { accounts: [{ expect: 0, account: one }] });

describe.each(Object.entries(implementations))('access store on %s', (_name, make) => {
  let made: MadeAccess;
  let store: AccessStore;
  beforeAll(async () => {
    made = await make();
    store = made.store;
  });
  afterAll(() => made.cleanUp());

  test('an account comes back as it was kept, by each of its names, at its own site only', async () => {
    const [site, other] = [newSite(), newSite()];
    const invitation = { digest: randomUUID(), until: '2026-06-01T00:00:00.000Z' };
    const one = account('ünal@example.com', { subject: 'https://idp.example 7', invitation });
    expect(await add(store, site, one)).toBe('ok');
    expect(await store.account(site, one.id)).toEqual(one);
    expect(await store.accountByLogin(site, one.login)).toEqual(one);
    expect(await store.accountBySubject(site, 'https://idp.example 7')).toEqual(one);
    expect(await store.accountByInvitation(site, invitation.digest)).toEqual(one);
    expect(await store.account(other, one.id)).toBeUndefined();
    expect(await store.accountByLogin(other, one.login)).toBeUndefined();
    expect(await store.accounts(other)).toEqual([]);
    expect(await store.bearer(other, one.id, null)).toBeUndefined();
  });

  test('a taken login, subject or key is a conflict, at one site and not across them; nothing of the change is done', async () => {
    const [site, other] = [newSite(), newSite()];
    const one = account('a@example.com', { subject: 's 1' });
    await add(store, site, one);
    expect(await add(store, site, account('a@example.com'))).toBe('conflict');
    expect(await add(store, site, account('b@example.com', { subject: 's 1' }))).toBe('conflict');
    expect(await add(store, other, account('a@example.com', { subject: 's 1' }))).toBe('ok');
    const key = device(one.id);
    const twice = [key, device(one.id, { publicKey: key.publicKey })].map((each) => ({ expect: 0, device: each }));
    expect(await store.commit(site, { devices: twice, events: [told()] })).toBe('conflict');
    expect(await store.devices(site)).toEqual([]);
    expect(await store.eventHead(site)).toMatchObject({ seq: 0 });
  });

  test('of changes to the same version one is done', async () => {
    const site = newSite();
    const one = account('a@example.com');
    await add(store, site, one);
    const wishes = Array.from({ length: 8 }, (_, index) =>
      store.commit(site, {
        accounts: [{ expect: 1, account: { ...one, name: `n${index}`, version: 2 } }],
        events: [told()],
      }),
    );
    const results = await Promise.all(wishes);
    expect(results.filter((result) => result === 'ok')).toHaveLength(1);
    expect((await store.account(site, one.id))?.version).toBe(2);
    expect(await store.eventHead(site)).toMatchObject({ seq: 1 });
  });

  test('who asks with a token: the account, and the device of that sign-in', async () => {
    const site = newSite();
    const one = account('a@example.com');
    await add(store, site, one);
    const desk = device(one.id, { grant: 'g1' });
    await store.commit(site, { devices: [{ expect: 0, device: desk }] });
    expect(await store.bearer(site, one.id, 'g1')).toEqual({ account: one, device: desk });
    expect(await store.bearer(site, one.id, 'g2')).toEqual({ account: one, device: undefined });
    expect(await store.bearer(site, one.id, null)).toEqual({ account: one, device: undefined });
    expect(await store.bearer(site, randomUUID(), 'g1')).toBeUndefined();
    await store.commit(site, {
      devices: [{ expect: 1, device: { ...desk, grant: 'g3', revokedAt: 'now', version: 2 } }],
    });
    expect((await store.bearer(site, one.id, 'g3'))?.device?.revokedAt).toBe('now');
    expect((await store.bearer(site, one.id, 'g1'))?.device).toBeUndefined();
    expect(await store.deviceByKey(site, desk.publicKey)).toMatchObject({ id: desk.id });
    expect(await store.devices(site, one.id)).toHaveLength(1);
    expect(await store.devices(site, randomUUID())).toEqual([]);
  });

  test('of bearers that are asked for at the same moment each gets their own, and what was changed before', async () => {
    const [site, other] = [newSite(), newSite()];
    const people = Array.from({ length: 12 }, (_, at) => ({
      at: at % 2 === 0 ? site : other,
      one: account(`p${at}@example.com`),
      desk: device('', { grant: `g${at}` }),
    })).map(({ desk, ...rest }) => ({ ...rest, desk: { ...desk, account: rest.one.id } }));
    for (const { at, one, desk } of people) {
      await add(store, at, one);
      await store.commit(at, { devices: [{ expect: 0, device: desk }] });
    }
    const ask = () => people.map(({ at, one, desk }) => store.bearer(at, one.id, desk.grant));
    const wrong = people.map(({ at, one, desk }) => store.bearer(at === site ? other : site, one.id, desk.grant));
    const found = await Promise.all(ask());
    expect(found).toEqual(people.map(({ one, desk }) => ({ account: one, device: desk })));
    expect(await Promise.all(wrong)).toEqual(people.map(() => undefined));
    const before = ask();
    for (const { at, desk } of people)
      await store.commit(at, { devices: [{ expect: 1, device: { ...desk, revokedAt: 'now', version: 2 } }] });
    const after = ask();
    await Promise.all(before);
    expect((await Promise.all(after)).map((one) => one?.device?.revokedAt)).toEqual(people.map(() => 'now'));
  });

  test('events of many at once have dense numbers and a chain that verifies; tampering is found', async () => {
    const site = newSite();
    const second = await made.again();
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        (index % 2 === 0 ? store : second).commit(site, { events: [told(), told('sign-out')] }),
      ),
    );
    expect(await verifyEvents(store, site)).toEqual({ events: 60, problems: [] });
    const page = await store.events(site, { limit: 10 });
    expect(page.map(({ seq }) => seq)).toEqual([60, 59, 58, 57, 56, 55, 54, 53, 52, 51]);
    expect((await store.events(site, { limit: 10, before: 3 })).map(({ seq }) => seq)).toEqual([2, 1]);
    await expect(
      made.tamper(
        `UPDATE audit_event SET body = replace(body, '192.0.2.1', '192.0.2.9') WHERE site = '${site}' AND seq = 7`,
      ),
    ).rejects.toThrow('only ever added');
    await expect(made.tamper(`DELETE FROM audit_event WHERE site = '${site}'`)).rejects.toThrow('only ever added');
    // Whoever may do everything can take the triggers away; the chain tells all the same.
    await made.tamper(`INSERT INTO audit_event VALUES ('${site}', 61, '{}', 'x')`);
    await made.tamper(`UPDATE audit_head SET seq = 61 WHERE site = '${site}'`);
    expect((await verifyEvents(store, site)).problems.map(({ devSeq }) => devSeq)).toEqual([61, 61]);
  });

  test('tries at the same moment count each, in every process', async () => {
    const policy: ThrottlePolicy = { free: 3, firstWaitMs: 60_000, longestWaitMs: 60_000, forgetMs: 3_600_000 };
    const key = randomUUID();
    const second = await made.again();
    const now = 1_800_000_000_000;
    const waits = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? store : second).tryNow(key, policy, now)),
    );
    expect(waits.filter((wait) => wait === 0)).toHaveLength(3);
    expect(Math.max(...waits)).toBe(60_000);
    await store.forgiveTry(key);
    expect(await store.tryNow(key, policy, now)).toBe(0);
    expect(await store.tryNow(key, policy, now)).toBe(60_000);
    await store.clearTries([key, randomUUID()]);
    expect(await store.tryNow(key, policy, now)).toBe(0);
  });

  test('records: found by each of their names until they end; used up once; gone with their grant', async () => {
    const now = 1_800_000_000_000;
    const grant = randomUUID();
    const record = (more: Partial<AccessRecord>): AccessRecord => ({
      model: 'RefreshToken',
      id: randomUUID(),
      grant,
      userCode: null,
      uid: null,
      payload: 'p',
      expiresAt: now + 1_000,
      ...more,
    });
    const [token, code, session] = [
      record({}),
      record({ model: 'DeviceCode', userCode: randomUUID() }),
      record({ model: 'Session', uid: randomUUID(), grant: null }),
    ];
    for (const one of [token, code, session]) await store.putRecord(one);
    await store.putRecord({ ...token, payload: 'q' });
    expect(await store.record('RefreshToken', { id: token.id }, now)).toEqual({ payload: 'q', consumedAt: null });
    expect(await store.record('AccessToken', { id: token.id }, now)).toBeUndefined();
    expect(await store.record('DeviceCode', { userCode: code.userCode ?? '' }, now)).toMatchObject({ payload: 'p' });
    expect(await store.record('Session', { uid: session.uid ?? '' }, now)).toMatchObject({ payload: 'p' });
    expect(await store.record('Session', { id: session.id }, now + 1_000)).toBeUndefined();
    const uses = await Promise.all(
      Array.from({ length: 10 }, () => store.consumeRecord('RefreshToken', token.id, now + 5)),
    );
    expect(uses.filter(Boolean)).toHaveLength(1);
    expect(await store.record('RefreshToken', { id: token.id }, now)).toEqual({ payload: 'q', consumedAt: now + 5 });
    await store.dropGrant(grant);
    expect(await store.record('RefreshToken', { id: token.id }, now)).toBeUndefined();
    expect(await store.record('DeviceCode', { id: code.id }, now)).toBeUndefined();
    expect(await store.consumeRecord('RefreshToken', token.id, now)).toBe(false);
    await store.tidy(now + 1_000);
    expect(await store.record('Session', { id: session.id }, now)).toBeUndefined();
  });

  test('a record is touched where it still is, as it is; one that was dropped stays away', async () => {
    const now = 1_800_000_000_000;
    const names = { grant: randomUUID(), userCode: randomUUID(), uid: randomUUID() };
    const [one, other] = ['p', 'o'].map((payload) => ({ model: 'BrowserSession', id: randomUUID(), payload }));
    if (one === undefined || other === undefined) throw new Error('two');
    await store.putRecord({ ...one, ...names, expiresAt: now + 1_000 });
    await store.putRecord({ ...other, grant: null, userCode: null, uid: null, expiresAt: now + 1_000 });
    await store.consumeRecord(one.model, one.id, now);
    expect(await store.touchRecord({ ...one, payload: 'q', expiresAt: now + 9_000 })).toBe(true);
    for (const key of [{ id: one.id }, { uid: names.uid }, { userCode: names.userCode }])
      expect(await store.record(one.model, key, now + 5_000)).toEqual({ payload: 'q', consumedAt: now });
    expect(await store.record(other.model, { id: other.id }, now)).toMatchObject({ payload: 'o' });
    expect(await store.record(other.model, { id: other.id }, now + 1_000)).toBeUndefined();
    expect(await store.touchRecord({ ...other, model: 'Session', expiresAt: null })).toBe(false);
    await store.dropGrant(names.grant);
    await store.dropRecord(other.model, other.id);
    for (const gone of [one, other]) {
      expect(await store.touchRecord({ ...gone, expiresAt: now + 9_000 })).toBe(false);
      expect(await store.record(gone.model, { id: gone.id }, now)).toBeUndefined();
    }
  });

  test('of replicas that make the same key one does', async () => {
    const second = await made.again();
    const keys = ['a', 'b', 'c', 'd'].map((kid) => ({ seq: 1, kid, createdAt: 1, sealed: kid }));
    const results = await Promise.all(keys.map((key, index) => (index % 2 === 0 ? store : second).addSigningKey(key)));
    expect(results.filter(Boolean)).toHaveLength(1);
    await store.addSigningKey({ seq: 2, kid: 'z', createdAt: 2, sealed: 'z' });
    expect((await second.signingKeys()).map(({ seq }) => seq)).toEqual([2, 1]);
    await store.dropSigningKeys(2);
    expect(await store.signingKeys()).toEqual([{ seq: 2, kid: 'z', createdAt: 2, sealed: 'z' }]);
  });
});
