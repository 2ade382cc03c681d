/** The access database in a file, for a site on one machine. Synchronous: runs in a thread of its own (sqlite-thread.ts). */
import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../../core/contract/errors.ts';
import { type EventHead, FIRST_HEAD, type KeptEvent, sealEvent } from '../../../core/access/audit-event.ts';
import { type ThrottlePolicy, type ThrottleState, tryNow } from '../../../core/access/throttle.ts';
import { type Account, readAccount, readDevice, type StoredDevice } from '../account.ts';
import {
  type AccessChange,
  type AccessRecord,
  type FoundRecord,
  type RecordKey,
  type SigningKey,
  TRIES_KEPT_MS,
} from './access-store.ts';

/** Numbered by place; forward only, a released one never changes. */
const MIGRATIONS = [
  `CREATE TABLE access_account (
     site TEXT NOT NULL, id TEXT NOT NULL, login TEXT NOT NULL, subject TEXT, invitation TEXT, version INTEGER NOT NULL, body TEXT NOT NULL,
     PRIMARY KEY (site, id), UNIQUE (site, login), UNIQUE (site, subject)) STRICT, WITHOUT ROWID;
   CREATE TABLE access_device (
     site TEXT NOT NULL, id TEXT NOT NULL, account TEXT NOT NULL, public_key TEXT NOT NULL, grant_id TEXT, version INTEGER NOT NULL, body TEXT NOT NULL,
     PRIMARY KEY (site, id), UNIQUE (site, public_key)) STRICT, WITHOUT ROWID;
   CREATE INDEX access_device_grant ON access_device (site, grant_id) WHERE grant_id IS NOT NULL;
   CREATE TABLE audit_event (site TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (site, seq)) STRICT;
   CREATE TABLE audit_head (site TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
   CREATE TRIGGER audit_event_update BEFORE UPDATE ON audit_event BEGIN SELECT RAISE(ABORT, 'security events are only ever added'); END;
   CREATE TRIGGER audit_event_delete BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, 'security events are only ever added'); END;
   CREATE TABLE access_try (key TEXT PRIMARY KEY, tries INTEGER NOT NULL, last_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL) STRICT;
   CREATE TABLE access_record (
     model TEXT NOT NULL, id TEXT NOT NULL, grant_id TEXT, user_code TEXT, uid TEXT, payload TEXT NOT NULL, expires_ms INTEGER, consumed_ms INTEGER,
     PRIMARY KEY (model, id)) STRICT, WITHOUT ROWID;
   CREATE INDEX access_record_grant ON access_record (grant_id) WHERE grant_id IS NOT NULL;
   CREATE INDEX access_record_code ON access_record (model, user_code) WHERE user_code IS NOT NULL;
   CREATE INDEX access_record_uid ON access_record (model, uid) WHERE uid IS NOT NULL;
   CREATE INDEX access_record_end ON access_record (expires_ms) WHERE expires_ms IS NOT NULL;
   CREATE TABLE signing_key (seq INTEGER PRIMARY KEY, kid TEXT NOT NULL, created_ms INTEGER NOT NULL, sealed TEXT NOT NULL) STRICT;`,
];

/** 'APAC' in ASCII. */
const APPLICATION_ID = 0x41504143;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function open(path: string): Database.Database {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const db = new Database(path, { timeout: 5_000 });
  db.pragma('journal_mode = WAL');
  // As in the store: what was answered is on the disk.
  db.pragma('synchronous = FULL');
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > MIGRATIONS.length) {
    db.close();
    throw new AppError(
      'unavailable',
      `${path} was written by a newer version of this program. Install the newer version.`,
      { path },
    );
  }
  db.transaction(() => {
    for (const sql of MIGRATIONS.slice(version)) db.exec(sql);
    db.pragma(`user_version = ${MIGRATIONS.length}`);
    db.pragma(`application_id = ${APPLICATION_ID}`);
  }).immediate();
  return db;
}

interface Body {
  readonly body: string;
}
const account = (row: unknown): Account | undefined =>
  row === undefined ? undefined : readAccount((row as Body).body);
const device = (row: unknown): StoredDevice | undefined =>
  row === undefined ? undefined : readDevice((row as Body).body);

/** Rolls the transaction back without being an error. */
const CONFLICT = Symbol('conflict');

function isTaken(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_CONSTRAINT');
}

function writing(db: Database.Database) {
  const insertAccount = db.prepare(
    'INSERT INTO access_account VALUES (@site, @id, @login, @subject, @invitation, @version, @body)',
  );
  const updateAccount = db.prepare(
    'UPDATE access_account SET login = @login, subject = @subject, invitation = @invitation, version = @version, body = @body WHERE site = @site AND id = @id AND version = @expect',
  );
  const insertDevice = db.prepare(
    'INSERT INTO access_device VALUES (@site, @id, @account, @publicKey, @grant, @version, @body)',
  );
  const updateDevice = db.prepare(
    'UPDATE access_device SET grant_id = @grant, version = @version, body = @body WHERE site = @site AND id = @id AND version = @expect',
  );
  const head = db.prepare('SELECT seq, hash FROM audit_head WHERE site = ?');
  const insertEvent = db.prepare('INSERT INTO audit_event VALUES (?, ?, ?, ?)');
  const moveHead = db.prepare(
    'INSERT INTO audit_head VALUES (?, ?, ?) ON CONFLICT (site) DO UPDATE SET seq = excluded.seq, hash = excluded.hash',
  );
  const run = db.transaction((site: string, change: AccessChange) => {
    for (const { expect, account: wanted } of change.accounts ?? []) {
      const { id, login, subject, version } = wanted;
      const row = {
        site,
        id,
        login,
        subject,
        invitation: wanted.invitation?.digest ?? null,
        version,
        body: JSON.stringify(wanted),
      };
      const done = expect === 0 ? insertAccount.run(row) : updateAccount.run({ ...row, expect });
      if (done.changes !== 1) throw CONFLICT;
    }
    for (const { expect, device: wanted } of change.devices ?? []) {
      const { id, account: owner, publicKey, grant, version } = wanted;
      const row = { site, id, account: owner, publicKey, grant, version, body: JSON.stringify(wanted) };
      const { account: _owner, publicKey: _key, ...rest } = row;
      const done = expect === 0 ? insertDevice.run(row) : updateDevice.run({ ...rest, expect });
      if (done.changes !== 1) throw CONFLICT;
    }
    let last = (head.get(site) as EventHead | undefined) ?? FIRST_HEAD;
    for (const event of change.events ?? []) {
      const kept = sealEvent(event, site, last, sha256);
      insertEvent.run(site, kept.seq, kept.text, kept.hash);
      last = kept;
    }
    if ((change.events ?? []).length > 0) moveHead.run(site, last.seq, last.hash);
  });
  return (site: string, change: AccessChange): 'ok' | 'conflict' => {
    try {
      run.immediate(site, change);
      return 'ok';
    } catch (error) {
      if (error === CONFLICT || isTaken(error)) return 'conflict';
      throw error;
    }
  };
}

function people(db: Database.Database) {
  const one = (where: string) => db.prepare(`SELECT body FROM access_account WHERE site = ? AND ${where} = ?`);
  const oneDevice = (where: string) => db.prepare(`SELECT body FROM access_device WHERE site = ? AND ${where} = ?`);
  const byId = one('id');
  const byLogin = one('login');
  const bySubject = one('subject');
  const byInvitation = one('invitation');
  const all = db.prepare('SELECT body FROM access_account WHERE site = ? ORDER BY login');
  const deviceById = oneDevice('id');
  const deviceByKey = oneDevice('public_key');
  const deviceByGrant = oneDevice('grant_id');
  const devices = db.prepare(
    'SELECT body FROM access_device WHERE site = ? AND (? IS NULL OR account = ?) ORDER BY id',
  );
  return {
    account: (site: string, id: string) => account(byId.get(site, id)),
    accountByLogin: (site: string, login: string) => account(byLogin.get(site, login)),
    accountBySubject: (site: string, subject: string) => account(bySubject.get(site, subject)),
    accountByInvitation: (site: string, digest: string) => account(byInvitation.get(site, digest)),
    accounts: (site: string): Account[] => (all.all(site) as Body[]).map(({ body }) => readAccount(body)),
    device: (site: string, id: string) => device(deviceById.get(site, id)),
    deviceByKey: (site: string, key: string) => device(deviceByKey.get(site, key)),
    devices: (site: string, owner?: string): StoredDevice[] =>
      (devices.all(site, owner ?? null, owner ?? null) as Body[]).map(({ body }) => readDevice(body)),
    bearer(site: string, id: string, grant: string | null) {
      const found = account(byId.get(site, id));
      if (found === undefined) return undefined;
      return { account: found, device: grant === null ? undefined : device(deviceByGrant.get(site, grant)) };
    },
    commit: writing(db),
  };
}

function events(db: Database.Database) {
  const newest = db.prepare(
    'SELECT seq, body AS text, hash FROM audit_event WHERE site = ? AND seq < ? ORDER BY seq DESC LIMIT ?',
  );
  const after = db.prepare(
    'SELECT seq, body AS text, hash FROM audit_event WHERE site = ? AND seq > ? ORDER BY seq LIMIT ?',
  );
  const head = db.prepare('SELECT seq, hash FROM audit_head WHERE site = ?');
  return {
    events: (site: string, { before, limit }: { before?: number; limit: number }) =>
      newest.all(site, before ?? Number.MAX_SAFE_INTEGER, limit) as KeptEvent[],
    eventsAfter: (site: string, seq: number, limit: number) => after.all(site, seq, limit) as KeptEvent[],
    eventHead: (site: string): EventHead => (head.get(site) as EventHead | undefined) ?? FIRST_HEAD,
  };
}

function tries(db: Database.Database) {
  const read = db.prepare('SELECT tries, last_ms AS lastMs, until_ms AS untilMs FROM access_try WHERE key = ?');
  const write = db.prepare('INSERT OR REPLACE INTO access_try VALUES (@key, @tries, @lastMs, @untilMs)');
  const clear = db.prepare('DELETE FROM access_try WHERE key = ?');
  const forgive = db.prepare('UPDATE access_try SET tries = max(0, tries - 1), until_ms = 0 WHERE key = ?');
  const run = db.transaction((key: string, policy: ThrottlePolicy, nowMs: number): number => {
    const one = tryNow(read.get(key) as ThrottleState | undefined, policy, nowMs);
    if (one.kind === 'wait') return one.retryAfterMs;
    write.run({ key, ...one.state });
    return 0;
  });
  return {
    tryNow: (key: string, policy: ThrottlePolicy, nowMs: number): number => run.immediate(key, policy, nowMs),
    clearTries(keys: readonly string[]): void {
      for (const key of keys) clear.run(key);
    },
    forgiveTry: (key: string): void => void forgive.run(key),
  };
}

function records(db: Database.Database) {
  const put = db.prepare(
    `INSERT INTO access_record VALUES (@model, @id, @grant, @userCode, @uid, @payload, @expiresAt, NULL)
     ON CONFLICT (model, id) DO UPDATE SET grant_id = excluded.grant_id, user_code = excluded.user_code, uid = excluded.uid,
       payload = excluded.payload, expires_ms = excluded.expires_ms`,
  );
  const touch = db.prepare(
    'UPDATE access_record SET payload = @payload, expires_ms = @expiresAt WHERE model = @model AND id = @id',
  );
  const find = (where: string) =>
    db.prepare(
      `SELECT payload, consumed_ms AS consumedAt FROM access_record WHERE model = ? AND ${where} = ? AND (expires_ms IS NULL OR expires_ms > ?)`,
    );
  const byId = find('id');
  const byCode = find('user_code');
  const byUid = find('uid');
  const consume = db.prepare(
    'UPDATE access_record SET consumed_ms = ? WHERE model = ? AND id = ? AND consumed_ms IS NULL',
  );
  const drop = db.prepare('DELETE FROM access_record WHERE model = ? AND id = ?');
  const dropGrant = db.prepare('DELETE FROM access_record WHERE grant_id = ?');
  const keys = db.prepare('SELECT seq, kid, created_ms AS createdAt, sealed FROM signing_key ORDER BY seq DESC');
  const addKey = db.prepare('INSERT OR IGNORE INTO signing_key VALUES (@seq, @kid, @createdAt, @sealed)');
  const dropKeys = db.prepare('DELETE FROM signing_key WHERE seq < ?');
  const ended = db.prepare('DELETE FROM access_record WHERE expires_ms IS NOT NULL AND expires_ms <= ?');
  const forgotten = db.prepare('DELETE FROM access_try WHERE last_ms <= ?');
  return {
    putRecord: (record: AccessRecord): void => void put.run(record),
    touchRecord: (record: Pick<AccessRecord, 'model' | 'id' | 'payload' | 'expiresAt'>): boolean =>
      touch.run(record).changes === 1,
    record(model: string, key: RecordKey, nowMs: number): FoundRecord | undefined {
      const found =
        'id' in key
          ? byId.get(model, key.id, nowMs)
          : 'uid' in key
            ? byUid.get(model, key.uid, nowMs)
            : byCode.get(model, key.userCode, nowMs);
      return found as FoundRecord | undefined;
    },
    consumeRecord: (model: string, id: string, nowMs: number): boolean => consume.run(nowMs, model, id).changes === 1,
    dropRecord: (model: string, id: string): void => void drop.run(model, id),
    dropGrant: (grant: string): void => void dropGrant.run(grant),
    signingKeys: () => keys.all() as SigningKey[],
    addSigningKey: (key: SigningKey): boolean => addKey.run(key).changes === 1,
    dropSigningKeys: (below: number): void => void dropKeys.run(below),
    tidy(nowMs: number): void {
      ended.run(nowMs);
      forgotten.run(nowMs - TRIES_KEPT_MS);
    },
  };
}

export function createAccessDatabase(path: string) {
  const db = open(path);
  return { ...people(db), ...events(db), ...tries(db), ...records(db), close: (): void => void db.close() };
}
export type AccessDatabase = ReturnType<typeof createAccessDatabase>;
