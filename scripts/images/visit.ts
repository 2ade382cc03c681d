/**
 * A person visits the site that compose brought up: joins by the link of the command line, signs in with both steps, uploads an invoice and waits until a worker
 * has read it. Runs in the engine's network, where the site's name is this machine: `visit.ts ORIGIN LINK CA FILE`; prints the invoice's number.
 */
import dns from 'node:dns';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { Invoice } from '../../core/contract/invoice.ts';
import { createBrowser, createPeople, PASSWORD } from '../../server/access/testing-people.ts';
import { multipart } from '../../server/testing.ts';

const [origin = '', link = '', ca = '', file = ''] = process.argv.slice(2);
const PATIENCE_MS = 120_000;

setDefaultCACertificates([...getCACertificates('default'), readFileSync(ca, 'utf8')]);
// Whatever is asked for is here.
const { lookup } = dns;
Object.assign(dns, { lookup: (_name: string, ...rest: [dns.LookupAllOptions, never]) => lookup('127.0.0.1', ...rest) });

const nobody = async (): Promise<never> => {
  throw new Error('the visitor invites nobody');
};
const people = createPeople({ origin, users: { invite: nobody, addService: nobody }, clock: { offsetMs: 0 } });
const joined = await createBrowser(origin).open(link, { password: PASSWORD, again: PASSWORD });
if (joined.status !== 200) throw new Error(`not joined: ${joined.status} ${joined.text.slice(0, 300)}`);
const { access } = await people.signIn({ id: '', login: 'visitor@site.test', site: 'main', role: 'admin' });

const { body, type } = multipart([{ name: 'visit.pdf', bytes: readFileSync(file) }]);
const taken = await people.request('/api/v1/invoices/upload', access, {
  method: 'POST',
  body: new Uint8Array(body),
  headers: { 'content-type': type },
});
if (taken.status !== 200) throw new Error(`not taken: ${taken.status} ${await taken.text()}`);
const { results } = (await taken.json()) as { results: { invoices: string[] }[] };
const until = Date.now() + PATIENCE_MS;
let invoice: Invoice | undefined;
while (invoice?.reading == null) {
  if (Date.now() > until) throw new Error('not read in time');
  await sleep(300);
  invoice = (await (
    await people.request(`/api/v1/invoices/${results[0]?.invoices[0] ?? ''}`, access)
  ).json()) as Invoice;
}
process.stdout.write(`${invoice.header.invoiceNumber?.value ?? 'no number'}\n`);
