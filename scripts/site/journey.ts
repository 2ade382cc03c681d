/** An invoice from its upload to the file for the ERP, by everybody who has a part in it, through nginx, read and judged by processes of their own. */
import { randomUUID } from 'node:crypto';
import { createBrowser } from '../../server/access/testing-people.ts';
import { invoicePdf } from '../../server/testing.ts';
import { assert } from '../images/report.ts';
import type { Around } from './around.ts';
import { expectStatus } from './http.ts';
import type { Kind } from './processes.ts';
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
  await report.check('correlation: a request’s name stands in the logs of nginx, of the API and of the workers', () =>
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

/** One request's name: in the log of nginx, of the one replica that answered, and of whoever did the work that it caused. */
async function correlation({ site, people, ask }: Around): Promise<string> {
  const name = `test-${randomUUID()}`;
  const token = await (await people.of('reviewer')).token();
  const file = { name: 'correlated.pdf', bytes: await invoicePdf({ number: name }) };
  const answer = await upload(ask, token, file, undefined, { 'x-request-id': name });
  assert(answer.headers['x-request-id'] === name, `it came back as ${String(answer.headers['x-request-id'])}`);
  const read = await readInvoice(ask, token, acceptedId(answer));
  const headers = { 'x-request-id': `${name}.2` };
  expectStatus(await transition(ask, token, read, 'confirmed', headers), 200, 'confirmation');
  const linesOf = (kind: Kind, id: string): LogLine[] =>
    site.replicas
      .filter((one) => one.kind === kind)
      .flatMap((one) => linesIn(site.children.log(one.name)))
      .filter(({ reqId }) => reqId === id);
  // Lines are written once the answer is out, and the work is done.
  return until('the name in every log', 10_000, async () => {
    const edge = linesIn(site.accessLog()).filter((line) => line.correlation === name);
    const api = linesOf('api', name).filter(({ msg }) => msg === 'request');
    const worker = linesOf('worker', name).filter(({ msg }) => msg === 'job');
    const validation = linesOf('validation', `${name}.2`).filter(({ msg }) => msg === 'job');
    if ([edge, api, worker, validation].some((lines) => lines.length === 0)) return undefined;
    assert(edge.length === 1 && api.length === 1, `${edge.length} lines of nginx, ${api.length} of the API`);
    const jobs = [...worker, ...validation].map(({ jobName }) => jobName);
    return `${name}: nginx, the API (${api[0]?.route}), jobs ${jobs.join(', ')}`;
  });
}

interface LogLine {
  readonly msg?: string;
  readonly reqId?: string;
  readonly correlation?: string;
  readonly route?: string;
  readonly jobName?: string;
}

const linesIn = (log: string): LogLine[] =>
  log.split('\n').flatMap((line) => (line.startsWith('{') && line.endsWith('}') ? [JSON.parse(line) as LogLine] : []));

export async function audit({ site }: Pick<Around, 'site'>): Promise<string> {
  const out = await site.cli('verify-audit');
  return out.trim().split('\n').join(', ');
}
