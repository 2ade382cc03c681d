/**
 * People of a site and their connected stations, laid where a sign-in ends: an account, a device with its key, tokens that the site's own key signed. Signing in is no part of
 * what is measured, and hundreds of passwords take minutes by design. Beside the processes that serve the site.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { importJWK, SignJWT } from 'jose';
import { deviceProofText } from '../../core/contract/access.ts';
import { createDevices } from '../../server/access/devices.ts';
import { createKeys } from '../../server/access/keys.ts';
import { actorOf, subjectOf } from '../../server/access/parts.ts';
import { audienceOf } from '../../server/access/provider/clients.ts';
import { issuerOf } from '../../server/access/provider/provider.ts';
import { createSiteAccess } from '../../server/access/site-access.ts';
import { openPostgresAccessStore } from '../../server/access/store/postgres.ts';
import { createPeople, type Person, type TestPeople } from '../../server/access/testing-people.ts';
import { blank } from '../../server/access/users.ts';
import { createLog } from '../../server/log.ts';
import { readServices, readSiteConfig } from '../../server/site/config.ts';
import { createSigner, type Signer } from '../../server/sync/hub/ed25519.ts';
import { makeId } from '../../server/workspace.ts';

/** Longer than the bench takes. */
const TOKEN_LIFE = '4h';

/** A device that a person has connected. */
export interface Connected {
  readonly site: string;
  readonly device: string;
  readonly person: Person;
  readonly signer: Signer;
  readonly token: string;
}

export interface Connecting {
  readonly origin: string;
  /** Who signs in as people do. */
  readonly people: TestPeople;
  /** Without a password. */
  person(site: string): Promise<Person>;
  connect(person: Person, device: string): Promise<Connected>;
  close(): Promise<void>;
}

export async function openConnecting(environment: Readonly<Record<string, string>>): Promise<Connecting> {
  const { access: settings } = readSiteConfig(environment, readServices('api,sync'));
  const store = openPostgresAccessStore(environment['DATABASE_URL'] ?? '');
  const log = createLog({ write: () => undefined }, 'error');
  const access = await createSiteAccess({ store, log, now: Date.now, newId: makeId(Date.now), ...settings });
  const { origin } = settings;
  const { parts } = access;
  const devices = createDevices(parts);
  const [key] = (await createKeys(parts).load()).keys;
  if (key?.kid === undefined) throw new Error('the site has no key');
  const header = { alg: 'ES256', typ: 'at+jwt', kid: key.kid };
  const secret = await importJWK(key, 'ES256');

  const tokenOf = ({ site, id }: Person, grant: string): Promise<string> =>
    new SignJWT({ grant })
      .setProtectedHeader(header)
      .setIssuer(issuerOf(origin))
      .setAudience(audienceOf(origin))
      .setSubject(subjectOf(site, id))
      .setIssuedAt()
      .setExpirationTime(TOKEN_LIFE)
      .sign(secret);

  return {
    origin,
    people: createPeople({ origin, users: access.users, clock: { offsetMs: 0 } }),
    async person(site) {
      const login = `${randomUUID()}@bench.test`;
      const account = { ...blank(parts.newId(), parts.now()), login, name: 'Person', state: 'active' as const };
      const done = await store.commit(site, { accounts: [{ expect: 0, account }], events: [] });
      if (done !== 'ok') throw new Error('no account');
      return { id: account.id, login, site, role: account.role };
    },
    async connect(person, device) {
      const { site, id, role } = person;
      const signer = createSigner(randomBytes(32));
      const grant = randomUUID();
      const proof = signer.sign(deviceProofText(site, id, signer.publicKey, device));
      const who = { account: id, site, role, name: 'Person', limits: [], device: null, grant, actor: actorOf(id) };
      await devices.enrol({ ...who, via: 'token' }, { name: 'Desk', device, publicKey: signer.publicKey, proof });
      return { site, device, person, signer, token: await tokenOf(person, grant) };
    },
    close: () => access.close(),
  };
}
