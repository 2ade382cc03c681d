/** The access store of a site on one machine: an asynchronous proxy of the thread that has the database. */
import { callThread } from '../../store/sqlite/rpc.ts';
import type { AccessStore } from './access-store.ts';
import type { AccessDatabase } from './sqlite-database.ts';

/** The thread's file beside this one: .ts as source, .js as built. */
const threadFile = (): URL => new URL(`./sqlite-thread${import.meta.url.slice(-3)}`, import.meta.url);

export async function createSqliteAccessStore(path: string): Promise<AccessStore> {
  const thread = callThread<AccessDatabase & { open(): void }>(threadFile(), { path });
  try {
    await thread.call('open');
  } catch (error) {
    await thread.close().catch(() => undefined); // the refusal at hand says why
    throw error;
  }
  return {
    account: (site, id) => thread.call('account', site, id),
    accountByLogin: (site, login) => thread.call('accountByLogin', site, login),
    accountBySubject: (site, subject) => thread.call('accountBySubject', site, subject),
    accountByInvitation: (site, digest) => thread.call('accountByInvitation', site, digest),
    accounts: (site) => thread.call('accounts', site),
    device: (site, id) => thread.call('device', site, id),
    deviceByKey: (site, key) => thread.call('deviceByKey', site, key),
    devices: (site, account) => thread.call('devices', site, account),
    bearer: (site, account, grant) => thread.call('bearer', site, account, grant),
    commit: (site, change) => thread.call('commit', site, change),
    events: (site, page) => thread.call('events', site, page),
    eventsAfter: (site, seq, limit) => thread.call('eventsAfter', site, seq, limit),
    eventHead: (site) => thread.call('eventHead', site),
    tryNow: (key, policy, nowMs) => thread.call('tryNow', key, policy, nowMs),
    clearTries: (keys) => thread.call('clearTries', keys),
    forgiveTry: (key) => thread.call('forgiveTry', key),
    putRecord: (record) => thread.call('putRecord', record),
    touchRecord: (record) => thread.call('touchRecord', record),
    record: (model, key, nowMs) => thread.call('record', model, key, nowMs),
    consumeRecord: (model, id, nowMs) => thread.call('consumeRecord', model, id, nowMs),
    dropRecord: (model, id) => thread.call('dropRecord', model, id),
    dropGrant: (grant) => thread.call('dropGrant', grant),
    signingKeys: () => thread.call('signingKeys'),
    addSigningKey: (key) => thread.call('addSigningKey', key),
    dropSigningKeys: (below) => thread.call('dropSigningKeys', below),
    tidy: (nowMs) => thread.call('tidy', nowMs),
    close: () => thread.close(),
  };
}
