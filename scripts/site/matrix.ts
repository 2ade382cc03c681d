/**
 * The authorisation matrix of this run's site; by itself, of any running site:
 * `node scripts/site/matrix.ts --address https://ap.test --tokens FILE [--ca FILE]`, the file being JSON: `{"roles":{"reviewer":TOKEN, ...for each role},
 * "stations":{the same at a connected station each}, "elsewhere":TOKEN of an admin of another site, "useless":{"a revoked device":TOKEN}}`.
 */
import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ROLES, type Role } from '../../core/access/roles.ts';
import { type Device, deviceProofText } from '../../core/contract/access.ts';
import { invoicePdf } from '../../server/testing.ts';
import { createFigures, type Figures } from '../figure.ts';
import { assert } from '../images/report.ts';
import type { Around } from './around.ts';
import { createHttp, expectStatus } from './http.ts';
import { checkMatrix, type Found } from './matrix-core.ts';
import { acceptedId, readInvoice, upload } from './work.ts';

function tell({ requests, open, closed, broken }: Found, figures: Figures, say: (line: string) => void): void {
  for (const line of open) say(`OPEN    ${line}`);
  for (const line of closed) say(`CLOSED  ${line}`);
  for (const line of broken) say(`BROKEN  ${line}`);
  say(`${requests} requests`);
  figures.atMost('matrix-unexpected-2xx', open.length, 0);
  figures.atMost('matrix-unexpected-refusals', closed.length, 0);
  figures.atMost('matrix-5xx', broken.length, 0);
}

/** Somebody's sign-in at a station that has just been connected. */
async function connected(
  { ask, people }: Around,
  role: Role,
): Promise<{ token: () => Promise<string>; device: string }> {
  const { person, token } = await people.another(role);
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = publicKey.export({ format: 'jwk' }).x ?? '';
  const text = deviceProofText(person.site, person.id, key);
  const proof = sign(null, Buffer.from(text), privateKey).toString('base64url');
  const sent = { token: await token(), json: { name: 'Desk 4', publicKey: key, proof } };
  const device = expectStatus(await ask('/api/v1/me/devices', sent), 200, 'enrolment').json<Device>();
  expectStatus(await ask('/api/v1/me', { token: await token() }), 200, 'a device that is known');
  return { token, device: device.id };
}

/** The token of one that has just been revoked. */
async function revokedDevice(around: Around): Promise<string> {
  const admin = await around.people.of('admin');
  const { token, device } = await connected(around, 'reviewer');
  const sent = { token: await admin.token(), json: {} };
  expectStatus(await around.ask(`/api/v1/devices/${device}/revoke`, sent), 200, 'revocation');
  return token();
}

/** Outside of the description: what a site shows to anybody, and what it does not. */
async function aroundIt({ ask, site }: Around): Promise<string> {
  const open = ['/health', '/docs/', '/docs/json', '/sign-in/style.css', '/oidc/.well-known/openid-configuration'];
  for (const path of open) assert((await ask(path)).status === 200, `${path} is not open`);
  assert((await ask('/')).status === 200, 'the user interface is not open');
  const closed = [
    '/queues',
    '/queues/api/queues',
    '/nothing',
    '/api/v1',
    '/api/v1/nothing',
    '/metrics/',
    '//metrics',
    '/%6detrics',
    '/docs/../metrics',
  ];
  for (const path of ['/metrics', ...closed]) {
    const { status } = await ask(path);
    assert([400, 401, 403, 404].includes(status), `${path} answers ${status}`);
  }
  const inner = createHttp({ origin: site.innerOrigin });
  try {
    assert((await inner('/metrics')).text.includes('http_request'), 'no numbers on the internal listener');
    for (const replica of site.replicas.filter(({ kind }) => kind === 'api')) {
      const direct = createHttp({ origin: `http://${replica.address}:${site.port}` });
      const { status } = await direct('/metrics');
      direct.close();
      assert(status !== 200, `/metrics of ${replica.name} answers ${status} on the listener of the API`);
    }
  } finally {
    inner.close();
  }
  return `${open.length + 1} open, ${closed.length + 1} closed`;
}

export async function matrix(around: Around): Promise<void> {
  const { ask, people, report, say, seed } = around;
  await report.check('without a token: health, sign-in, user interface, /docs; /metrics inside alone', () =>
    aroundIt(around),
  );
  await report.check('every endpoint x role x site x no token x revoked device', async () => {
    // Something to be seen at both sites.
    for (const site of ['main', 'north']) {
      const token = await (await people.of('reviewer', site)).token();
      const bytes = await invoicePdf({ number: `M-${site}-${seed}` });
      await readInvoice(ask, token, acceptedId(await upload(ask, token, { name: `${site}.pdf`, bytes })));
      await (await people.of('service', site)).token();
    }
    const tokens = {} as Record<Role, () => Promise<string>>;
    for (const role of ROLES) tokens[role] = (await people.of(role)).token;
    // Programs have no stations.
    const stations: Partial<Record<Role, () => Promise<string>>> = {};
    for (const role of ROLES) if (role !== 'service') stations[role] = (await connected(around, role)).token;
    const elsewhere = (await people.of('admin', 'north')).token;
    const useless = { 'no token of ours': 'x.y.z', 'a revoked device': await revokedDevice(around) };
    tell(await checkMatrix({ ask, tokens, stations, elsewhere, useless, seed }), report.figures, say);
  });
}

const Tokens = z.object({
  roles: z.record(z.enum(ROLES), z.string()),
  stations: z.partialRecord(z.enum(ROLES), z.string()).default({}),
  elsewhere: z.string(),
  useless: z.record(z.string(), z.string()).default({}),
});

const print = (line: string): void => void process.stdout.write(`${line}\n`);

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      address: { type: 'string' },
      tokens: { type: 'string' },
      ca: { type: 'string' },
      seed: { type: 'string', default: '1' },
    },
  });
  if (values.address === undefined || values.tokens === undefined)
    throw new Error('--address URL and --tokens FILE are needed.');
  const given = Tokens.parse(JSON.parse(readFileSync(values.tokens, 'utf8')));
  const tokens = Object.fromEntries(ROLES.map((role) => [role, () => Promise.resolve(given.roles[role])])) as Record<
    Role,
    () => Promise<string>
  >;
  const ask = createHttp({
    origin: values.address,
    ...(values.ca === undefined ? {} : { ca: readFileSync(values.ca, 'utf8') }),
  });
  const figures = createFigures(print);
  tell(
    await checkMatrix({
      ask,
      tokens,
      stations: Object.fromEntries(
        Object.entries(given.stations).map(([role, token]) => [role, () => Promise.resolve(token)]),
      ),
      elsewhere: () => Promise.resolve(given.elsewhere),
      useless: given.useless,
      seed: Number(values.seed),
    }),
    figures,
    print,
  );
  ask.close();
  process.exitCode = figures.ok() ? 0 : 1;
}
