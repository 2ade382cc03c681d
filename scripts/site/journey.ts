/** An invoice from its upload to the file for the ERP, by everybody who has a part in it, through nginx, read and judged by processes of their own. */
import { randomUUID } from 'node:crypto';
import { createBrowser } from '../../server/access/testing-people.ts';
import { invoicePdf } from '../../server/testing.ts';
import { assert } from '../images/report.ts';
import type { Around } from './around.ts';
import { expectStatus } from './http.ts';
import {
  acceptedId,
  correct,
  correction,
  getInvoice,
  historyOf,
  readInvoice,
  transition,
  until,
  upload,
} from './work.ts';

const PATIENCE_S = 30;

export async function journey(around: Around): Promise<void> {
  const { report } = around;
  await report.check('door: user interface, /health and /docs outside; /metrics inside alone', () => door(around));
  await report.check('an invoice: uploaded, read, corrected, confirmed, approved, exported, each by whom it was', () =>
    oneInvoice(around),
  );
  await report.check('correlation: the caller’s name of a request stands in the log of nginx', () =>
    correlation(around),
  );
  await report.check('verify-audit: both sites clean', () => audit(around));
}

async function door({ site, ask }: Around): Promise<string> {
  const statusOf = async (path: string): Promise<number> => (await ask(path)).status;
  assert((await statusOf('/health')) === 200, '/health');
  assert((await statusOf('/docs/')) === 200, '/docs/');
  assert((await statusOf('/metrics')) === 404, '/metrics can be seen outside');
  const page = await createBrowser(site.origin).open('/');
  assert(page.status === 200, `the user interface: ${page.status} (npm run build makes it)`);
  const replies = await Promise.all(site.replicas.map((one) => one.metrics()));
  assert(
    replies.every((text) => text.includes('ap_queue_length')),
    'a process has no metrics',
  );
  return `${replies.length} processes have numbers`;
}

async function oneInvoice({ people, ask, report }: Around): Promise<string> {
  const [erp, reviewer, approver] = [
    await people.of('service'),
    await people.of('reviewer'),
    await people.of('approver'),
  ];
  const number = `SITE-${randomUUID().slice(0, 8)}`;
  const from = Date.now();
  const id = acceptedId(
    await upload(ask, await erp.token(), { name: 'invoice.pdf', bytes: await invoicePdf({ number }) }),
  );
  const read = await readInvoice(ask, await reviewer.token(), id);
  report.figures.atMost('journey-read-s', (Date.now() - from) / 1_000, PATIENCE_S);
  assert(read.header.invoiceNumber?.value === number, `it read ${read.header.invoiceNumber?.value}`);

  const token = await reviewer.token();
  const wish = correction(read, 'poNumber', 'PO-4711');
  expectStatus(await correct(ask, token, read, [wish]), 200, 'correction');
  const seen = await getInvoice(ask, token, id);
  assert(seen.header.poNumber?.value === 'PO-4711', 'the correction is not there');
  expectStatus(await transition(ask, token, seen, 'confirmed'), 200, 'confirmation');
  // Without a gate what is confirmed is approved at once; nobody else may say so.
  const approved = await getInvoice(ask, token, id);
  assert(approved.state === 'approved', `it is ${approved.state} after its confirmation`);
  expectStatus(await transition(ask, token, approved, 'approved'), 403, 'approval by a reviewer');

  const batchId = randomUUID();
  const json = { format: 'csv', invoices: [id], dryRun: false, batchId };
  expectStatus(await ask('/api/v1/exports', { token, json }), 403, 'export by a reviewer');
  expectStatus(await ask('/api/v1/exports', { token: await approver.token(), json }), 200, 'export');
  const file = expectStatus(
    await ask(`/api/v1/exports/${batchId}/file`, { token: await erp.token() }),
    200,
    'its file',
  );
  assert(file.text.includes(number), 'the file does not hold the invoice');

  const history = await historyOf(ask, token, id);
  const did = history.map(({ kind, actor, value }) => ({ kind, actor, value: value ?? '' }));
  const by = (kind: string, value = ''): string | undefined =>
    did.find((one) => one.kind === kind && one.value.includes(value))?.actor;
  const actors = [by('field.set', 'PO-4711'), by('transition', '"confirmed"'), by('transition', '"exported"')];
  const due = [reviewer.actor, reviewer.actor, approver.actor];
  assert(actors.join() === due.join(), `done by ${actors.join()}, not by ${due.join()}: ${JSON.stringify(did)}`);
  assert(did[0]?.actor === erp.actor, `brought in by ${did[0]?.actor}, not by ${erp.actor}`);
  const document = await ask(`/api/v1/documents/${seen.document.sha256}`, { token });
  expectStatus(document, 200, 'document');
  const last = await getInvoice(ask, token, id);
  assert(last.state === 'exported', `it is ${last.state} at its end`);
  return `${history.length} operations, ${last.state}`;
}

async function correlation({ site, people, ask }: Around): Promise<string> {
  const name = `test-${randomUUID()}`;
  const token = await (await people.of('reviewer')).token();
  const answer = await ask('/api/v1/status', { token, headers: { 'x-request-id': name } });
  assert(answer.headers['x-request-id'] === name, `it came back as ${String(answer.headers['x-request-id'])}`);
  // It is written once the answer is out.
  await until('a line of nginx', 5_000, async () => site.accessLog().includes(name) || undefined);
  return name;
}

export async function audit({ site }: Pick<Around, 'site'>): Promise<string> {
  const out = await site.cli('verify-audit');
  return out.trim().split('\n').join(', ');
}
