/** People of a site who connect stations to it, beside the processes that serve it. */
import { randomBytes, randomUUID } from 'node:crypto';
import { refreshTokenGrant } from 'openid-client';
import { deviceProofText } from '../../core/contract/access.ts';
import { createSiteAccess } from '../../server/access/site-access.ts';
import { openPostgresAccessStore } from '../../server/access/store/postgres.ts';
import { createPeople, type Person, type TestBrowser, type TestPeople } from '../../server/access/testing-people.ts';
import { createLog } from '../../server/log.ts';
import { readServices, readSiteConfig } from '../../server/site/config.ts';
import { createSigner, type Signer } from '../../server/sync/hub/ed25519.ts';
import { makeId } from '../../server/workspace.ts';

/** A token is good for ten minutes. */
const TOKEN_MS = 8 * 60_000;

/** A device that a person has connected. */
export interface Connected {
  readonly site: string;
  readonly device: string;
  readonly person: Person;
  readonly signer: Signer;
  /** A fresh one. */
  token(): Promise<string>;
}

export interface Connecting {
  readonly origin: string;
  readonly people: TestPeople;
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
  const people = createPeople({ origin, users: access.users, clock: { offsetMs: 0 } });
  /** Who has signed in once is not asked for the password again. */
  const browsers = new Map<string, TestBrowser>();

  async function connect(person: Person, device: string): Promise<Connected> {
    const { site, id } = person;
    const browser = browsers.get(id) ?? people.browser();
    browsers.set(id, browser);
    const signer = createSigner(randomBytes(32));
    const { configuration, access: token, refresh } = await people.signIn(person, browser);
    const proof = signer.sign(deviceProofText(site, id, signer.publicKey, device));
    const wish = { name: 'Desk', device, publicKey: signer.publicKey, proof };
    const enrolled = await people.request('/api/v1/me/devices', token, { json: wish });
    if (enrolled.status !== 200) throw new Error(`not connected: ${await enrolled.text()}`);
    let held = { token, refresh, at: performance.now() };
    let renewing: Promise<void> | undefined;
    async function renew(): Promise<void> {
      const tokens = await refreshTokenGrant(configuration, held.refresh);
      held = { token: tokens.access_token, refresh: tokens.refresh_token ?? held.refresh, at: performance.now() };
      renewing = undefined;
    }
    return {
      site,
      device,
      person,
      signer,
      async token() {
        if (performance.now() - held.at > TOKEN_MS) await (renewing ??= renew());
        return held.token;
      },
    };
  }
  return {
    origin,
    people,
    person: (site) => people.person('reviewer', site, `${randomUUID()}@bench.test`),
    connect,
    close: () => access.close(),
  };
}
