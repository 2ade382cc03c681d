/** Stations and a site over real HTTP and a real Postgres: one process for stations and people, one that works. */
import { createHash, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Invoice } from '../../../core/contract/invoice.ts';
import { PushReply, SYNC_LIMITS, SyncHead } from '../../../core/contract/sync-http.ts';
import { fieldSetOp, readingRecordedOp } from '../../../core/sync/drafts.ts';
import { createArchive } from '../../../scripts/archive/invoices.ts';
import type { TestServing } from '../../site/testing.ts';
import { type PostgresSite, postgresSite } from '../../site/testing-postgres-site.ts';
import { postgres } from '../../store/testing-postgres.ts';
import { asSuper } from '../../store/testing-roles.ts';
import { correctionOf, until } from '../../testing-client.ts';
import { connectStation, type TestStation } from './testing-station.ts';

interface Problem {
  readonly code: string;
  readonly details: { readonly reason?: string; readonly expected?: number };
}

const problem = async (reply: Response): Promise<[number, string | undefined]> => [
  reply.status,
  ((await reply.json()) as Problem).details.reason,
];
const accepted = async (reply: Response): Promise<PushReply> => {
  const body: unknown = await reply.json();
  expect([reply.status, body]).toMatchObject([200, {}]);
  return PushReply.parse(body);
};
async function send(from: TestStation, bytes: Buffer): Promise<string> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const md5 = createHash('md5').update(bytes).digest('base64');
  const offers = await from.request('/blobs/offers', { json: { blobs: [{ sha256, size: bytes.length, md5 }] } });
  const { blobs } = (await offers.json()) as { blobs: { kind: string; url: string; headers: object }[] };
  const [offer] = blobs;
  if (offer?.kind !== 'put') return offer?.kind ?? '';
  const { 'content-length': _length, ...headers } = offer.headers as Record<string, string>;
  const put = await fetch(offer.url, { method: 'PUT', body: new Uint8Array(bytes), headers });
  expect(put.status).toBe(200);
  const done = await from.request(`/blobs/${sha256}/complete`, { json: { size: bytes.length } });
  return ((await done.json()) as { state: string }).state;
}
const put = (address: string, body: Buffer) =>
  fetch(address, {
    method: 'PUT',
    body: new Uint8Array(body),
    headers: { 'content-type': 'application/octet-stream' },
  });

describe.skipIf(postgres.url === undefined)('stations and their site', () => {
  const archive = createArchive(41);
  let room: PostgresSite;
  let site: TestServing;

  beforeAll(async () => {
    room = await postgresSite(postgres.url, { SITES: 'main,north' });
    site = await room.start('api,sync');
    await room.start('worker,validation');
  }, 60_000);
  afterAll(() => room.close());

  const station = async (role: 'reviewer' | 'auditor' = 'reviewer', name = 'main'): Promise<TestStation> =>
    connectStation({ people: site.people, person: await site.people.person(role, name) });
  const invoiceOf = ({ device }: TestStation) => {
    const item = archive.next();
    device.write(...item.ops.filter(({ kind }) => kind !== 'transition' && kind !== 'field.set'));
    const reading = device.ops.findLast(({ body }) => body.kind === 'reading.recorded');
    return { item, id: item.invoice.id, reading: reading?.body.op_id ?? '' };
  };
  const shown = async (id: string, who: TestStation): Promise<Invoice | undefined> => {
    const reply = await site.people.request(`/api/v1/invoices/${id}`, who.access);
    return reply.status === 200 ? ((await reply.json()) as Invoice) : undefined;
  };

  test('what a station wrote is shown at the site as it comes: operations, then its reading, then its document', async () => {
    const [one, two] = [await station(), await station()];
    const { id, item, reading } = invoiceOf(one);
    one.device.setField(id, 'SYNC-1', [reading]);
    const reply = await accepted(await one.push());
    expect(reply.results.every(({ verdict }) => verdict === 'accepted')).toBe(true);
    // The answer was lost, and the batch comes again.
    expect(await accepted(await one.push())).toEqual(reply);
    const bare = await until('the invoice is shown', () => shown(id, two));
    expect(bare).toMatchObject({ reading: null, header: { invoiceNumber: { value: 'SYNC-1' } } });
    expect(await send(one, item.readingBlob)).toBe('verified');
    const read = await until('its reading is shown', async () => {
      const invoice = await shown(id, two);
      return invoice?.reading == null ? undefined : invoice;
    });
    expect(read.lines).toHaveLength(item.invoice.lines.length);
    expect(await send(one, item.original)).toBe('verified');
    expect(await send(two, item.original)).toBe('exists');
    await until('its document has a type', async () =>
      (await shown(id, two))?.document.kind === 'pdf' ? true : undefined,
    );
    await two.catchUp();
    expect(two.taken.map(({ text }) => text)).toEqual(expect.arrayContaining(one.device.ops.map(({ text }) => text)));
    const part = await two.request(`/blobs/${item.document.sha256}`, { headers: { range: 'bytes=1-4' } });
    expect([part.status, await part.text()]).toEqual([206, item.original.subarray(1, 5).toString()]);
    // A person in a browser corrects it, and the stations hear of that.
    const corrected = await site.people.request(`/api/v1/invoices/${id}/corrections`, two.access, {
      json: { corrections: [correctionOf(read, 'invoiceNumber', 'SYNC-2')] },
    });
    expect(corrected.status).toBe(200);
    await one.catchUp();
    expect(one.taken.at(-1)).toMatchObject({ content: { value: 'SYNC-2' } });
    expect((await (await site.site.stores.site('main')).store.verifyAudit()).problems).toEqual([]);
  });

  test('who waits hears of it, from whichever process it comes', async () => {
    const [one, two] = [await station(), await station()];
    await two.catchUp();
    const began = performance.now();
    const waiting = two.pull(25);
    await new Promise((resolve) => setTimeout(resolve, 300));
    invoiceOf(one);
    await accepted(await one.push());
    const heard = await waiting;
    expect(heard.took).toBeGreaterThan(0);
    expect(performance.now() - began).toBeLessThan(4_000);
    await two.catchUp();
    expect(await two.pull(1)).toMatchObject({ status: 200, took: 0 });
  });

  test('all that wait together hear of it', async () => {
    const one = await station();
    const others = await Promise.all(Array.from({ length: 8 }, () => station()));
    for (const other of others) await other.catchUp();
    const waiting = others.map((other) => other.pull(25));
    await new Promise((resolve) => setTimeout(resolve, 200));
    invoiceOf(one);
    await accepted(await one.push());
    for (const { took } of await Promise.all(waiting)) expect(took).toBeGreaterThan(0);
  });

  test('refused with a reason that a station can act on', async () => {
    const one = await station();
    const { id, reading } = invoiceOf(one);
    const epoch = one.place.epoch;
    expect(await problem(await one.push(one.device.batch(epoch, 2)))).toEqual([409, 'gap']);
    expect(await problem(await one.push(one.device.batch(epoch + 1)))).toEqual([409, 'epoch']);
    const forged = one.device.batch(epoch);
    const signature = (await station()).device.signer.sign('something else');
    expect(await problem(await one.push({ ...forged, head: { ...forged.head, signature } }))).toEqual([
      400,
      'bad_batch',
    ]);
    await accepted(await one.push());
    one.device.setField(id, 'X', [reading, 'nobody']);
    expect(await problem(await one.push())).toEqual([409, 'missing_parents']);
    one.device.ops.pop();
    const last = one.device.ops.pop();
    one.device.setField(id, 'another history', []);
    expect(await problem(await one.push())).toEqual([409, 'device_forked']);
    if (last !== undefined) one.device.ops.splice(-1, 1, last);
    const other = await station();
    expect(
      await problem(await one.push(other.device.ops.length === 0 ? { ...forged, device: other.device.id } : forged)),
    ).toEqual([403, 'not_this_device']);
    const behind = await one.request('/ops', {
      json: one.device.batch(epoch),
      headers: { 'x-ap-contract': '0', 'content-type': 'application/json' },
    });
    expect(behind.status).toBe(426);
    expect((await one.request(`/ops?after=0&epoch=${epoch + 1}`)).status).toBe(409);
  });

  test('more than a batch may have is refused before it is looked at', async () => {
    const one = await station();
    const huge = { padding: 'x'.repeat(SYNC_LIMITS.batchBytes) };
    const pressed = await one.request('/ops', {
      method: 'POST',
      body: gzipSync(JSON.stringify(huge)),
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    });
    expect(pressed.status).toBe(413);
    expect((await one.request('/ops', { json: huge })).status).toBe(413);
    const broken = await one.request('/ops', {
      method: 'POST',
      body: 'no gzip',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    });
    expect(broken.status).toBe(400);
  });

  test('what no station writes is refused, and what only looks odd is kept as it is', async () => {
    const one = await station();
    const { id, reading } = invoiceOf(one);
    const { epoch } = one.place;
    await accepted(await one.push());
    const from = one.device.ops.length + 1;
    const odd = 'a\0b\uE0FF \u{1F4C4} "\\u0000"';
    const kept = one.device.setField(id, odd, [reading]);
    await accepted(await one.push(one.device.batch(epoch, from)));
    await one.catchUp();
    expect(one.taken.find(({ hash }) => hash === kept.hash)?.content).toEqual(kept.content);
    for (const field of ['x'.repeat(3_000), 'a\0b']) {
      one.device.setField(id, 'v', [reading], field);
      expect(await problem(await one.push(one.device.batch(epoch, from + 1)))).toEqual([400, 'bad_batch']);
      one.device.ops.pop();
    }
    const batch = one.device.batch(epoch, from);
    for (const content of [{ value: '\ud800', reason: null, salt: 'x' }, null]) {
      const ops = batch.ops.map((op) => ({ ...op, content }));
      const reply = await one.request('/ops', { json: { ...batch, ops } });
      expect([200, 400]).toContain(reply.status);
    }
    for (const path of [
      '/ops?after=-1&epoch=1',
      '/ops?after=9007199254740993&epoch=1',
      '/ops?after=0&epoch=1&limit=1e9',
    ])
      expect((await one.request(path)).status).toBe(400);
    expect((await site.people.request('/api/v1/sites/nowhere/head', one.access)).status).toBe(403);
    const stranger = await fetch(
      `${room.place.origin}/api/v1/sites/nowhere/blobs/${'a'.repeat(64)}?size=1&until=1&signature=x`,
      {
        method: 'PUT',
        body: 'x',
        headers: { 'content-type': 'application/octet-stream' },
      },
    );
    expect(stranger.status).toBe(404);
  });

  test('who may: stations of the site itself, by their role', async () => {
    const [one, north, auditor] = [await station(), await station('reviewer', 'north'), await station('auditor')];
    invoiceOf(north);
    expect(await problem(await site.people.request('/api/v1/sites/main/head', north.access))).toEqual([
      403,
      'not_in_site',
    ]);
    expect(SyncHead.parse(await (await north.request('/head')).json())).toMatchObject({
      site: 'north',
      seq: 0,
      epoch: 1,
    });
    invoiceOf(auditor);
    expect((await auditor.push()).status).toBe(403);
    expect((await auditor.pull()).status).toBe(200);
    // Signed in, and no station.
    const { access } = await site.people.signIn(await site.people.person('reviewer'));
    expect(await problem(await site.people.request('/api/v1/sites/main/ops?after=0&epoch=1', access))).toEqual([
      403,
      'no-device',
    ]);
    invoiceOf(one);
    await accepted(await one.push());
    const revoked = await site.people.request(`/api/v1/me/devices/${one.device.id}/revoke`, one.access, { json: {} });
    expect(revoked.status).toBe(200);
    invoiceOf(one);
    expect((await one.push(one.device.batch(1, 4))).status).toBe(401);
    expect((await one.pull()).status).toBe(401);
    // Nor by another's hand.
    const friend = await station();
    expect(await problem(await friend.push(one.device.batch(1, 4), '?relay=1'))).toEqual([403, 'device-revoked']);
  });

  test('a station does not write in the name of somebody else', async () => {
    const [one, two] = [await station(), await station()];
    const { id, reading } = invoiceOf(one);
    const set = { entity: { type: 'invoice', id }, field: 'invoiceNumber', value: 'X', source: 'manual' } as const;
    const by = (actor: string) =>
      one.device.write(fieldSetOp({ ...one.device.author(), actor }, id, { ...set, parents: [reading] }));
    for (const actor of ['user:nobody', `local:${two.device.id}`, `local:${one.device.id}`]) by(actor);
    const { results } = await accepted(await one.push());
    expect(results.slice(-3).map(({ verdict }) => verdict)).toEqual(['refused:actor', 'refused:actor', 'accepted']);
  });

  test('bytes go where the site says, once, and are what their name says', async () => {
    const one = await station();
    const bytes = Buffer.from('of a document');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const md5 = createHash('md5').update(bytes).digest('base64');
    const offers = await one.request('/blobs/offers', { json: { blobs: [{ sha256, size: bytes.length, md5 }] } });
    const [{ url = '' } = {}] = ((await offers.json()) as { blobs: { url?: string }[] }).blobs;
    expect((await put(url, Buffer.from('of other file'))).status).toBe(422);
    expect((await put(url, Buffer.from('much more than was announced'))).status).toBe(413);
    expect((await put(url.replace(sha256, sha256.replaceAll('a', 'b')), bytes)).status).toBe(403);
    expect((await put(`${url}x`, bytes)).status).toBe(403);
    const complete = async () =>
      (await one.request(`/blobs/${sha256}/complete`, { json: { size: bytes.length } })).json();
    expect(await complete()).toEqual({ state: 'missing' });
    expect((await one.request(`/blobs/${sha256}`)).status).toBe(404);
    expect((await put(url, bytes)).status).toBe(200);
    expect(await complete()).toEqual({ state: 'verified' });
    expect(await (await one.request(`/blobs/${sha256}`)).text()).toBe('of a document');
  });

  test('a reading that is none is set aside, and nothing shows it', async () => {
    const one = await station();
    const item = archive.next();
    const bytes = Buffer.from('no reading at all');
    const blob = createHash('sha256').update(bytes).digest('hex');
    const author = { ...one.device.author(), actor: 'service:read' };
    const said = { document: item.document.sha256, engineVersion: '1', pages: 1, blob };
    one.device.write(readingRecordedOp(author, item.invoice.id, said));
    await accepted(await one.push());
    expect(await send(one, bytes)).toBe('quarantined');
    expect(await send(one, bytes)).toBe('quarantined');
    expect((await one.request(`/blobs/${blob}`)).status).toBe(404);
  });

  test('a document stays one, whoever calls its bytes a reading', async () => {
    const one = await station();
    const { item } = invoiceOf(one);
    await accepted(await one.push());
    expect(await send(one, item.original)).toBe('verified');
    const { sha256: document } = item.document;
    const liar = await station();
    const said = { document, engineVersion: '1', pages: 1, blob: document };
    const author = { ...liar.device.author(), actor: 'service:read' };
    liar.device.write(readingRecordedOp(author, randomUUID(), said));
    await accepted(await liar.push());
    expect(await send(liar, item.original)).toBe('exists');
    const done = await liar.request(`/blobs/${document}/complete`, { json: { size: item.original.length } });
    expect(await done.json()).toEqual({ state: 'verified' });
    expect((await one.request(`/blobs/${document}`)).status).toBe(200);
  });

  test('other programs are told of what a station brought, as of everything else', async () => {
    const admin = await site.people.signIn(await site.people.person('admin'));
    const made = await site.people.request('/api/v1/webhooks', admin.access, {
      json: { name: 'ERP', url: 'https://receiver.example/hook', events: ['invoice.received'] },
    });
    expect(made.status).toBe(200);
    const one = await station();
    const { id } = invoiceOf(one);
    // A subscription counts so soon.
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    await accepted(await one.push());
    const { queue } = await site.site.stores.site('main');
    const told = (await queue.list()).filter(({ name }) => name === 'webhook');
    expect(told).toHaveLength(1);
    await accepted(await one.push());
    expect((await queue.list()).filter(({ name }) => name === 'webhook')).toHaveLength(1);
    expect((await shown(id, one)) ?? (await until('it is shown', () => shown(id, one)))).toMatchObject({ id });
  });

  test('a site that takes no changes says so, and gives out what it has', async () => {
    const one = await station();
    invoiceOf(one);
    const name = new URL(room.database.url).pathname.slice(1);
    const readOnly = (on: boolean) =>
      asSuper(room.database, async (client) => {
        await client.query('SET default_transaction_read_only = off');
        await client.query(`ALTER DATABASE ${name} SET default_transaction_read_only = ${on ? 'on' : 'off'}`);
        await client.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ap-intake'`,
        );
      });
    await readOnly(true);
    const reply = await one.push();
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '30']);
    expect(((await reply.json()) as Problem).details.reason).toBe('read_only');
    await readOnly(false);
    await accepted(await one.push());
  });

  test('after it was brought back from a copy stations offer again what it lost, others’ operations too', async () => {
    const [one, two] = [await station(), await station()];
    invoiceOf(one);
    await accepted(await one.push());
    await two.catchUp();
    const { hub } = await site.site.stores.site('main');
    const epoch = (await hub?.raiseEpoch()) ?? 0;
    expect(await two.pull()).toMatchObject({ status: 409, problem: { details: { reason: 'epoch', epoch } } });
    // Every page said whose word it was.
    const head = two.heads.findLast(({ device }) => device === one.device.id);
    expect(head).toMatchObject({ public_key: one.device.signer.publicKey, dev_seq: one.device.ops.length });
    const batch = { ...one.device.batch(epoch), head: one.device.head() };
    const again = await accepted(await two.push(batch, '?relay=1'));
    expect(again.results).toHaveLength(batch.ops.length);
    expect(again.head.epoch).toBe(epoch);
    // The site's own device of before, proved by the site itself.
    const own = two.heads.find(({ device }) => device !== one.device.id && device !== two.device.id);
    expect(own?.public_key).toBeDefined();
  });

  test('numbers of sync are told inside, and its endpoints are described', async () => {
    const numbers = await (await fetch(`${site.internalUrl}/metrics`)).text();
    expect(numbers).toMatch(/ap_sync_ops_total\{site="main",what="pushed"\} \d+/);
    expect(numbers).toMatch(/ap_sync_stations\{site="main",state="online"\} \d+/);
    expect(numbers).toMatch(/ap_sync_blobs_missing\{site="main"\} \d+/);
    expect(numbers).toMatch(/ap_sync_conflicts\{site="main"\} 0/);
    expect(numbers).toMatch(/ap_sync_lag_ops\{site="main"\} \d+/);
    const { access } = await station();
    const docs = (await (await site.people.request('/docs/json', access)).json()) as { paths: Record<string, object> };
    expect(Object.keys(docs.paths['/api/v1/sites/{site}/ops'] ?? {}).toSorted()).toEqual(['get', 'post']);
  });
});
