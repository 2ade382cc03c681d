/**
 * `npm run bench:codes`: payment codes on generated pages, as programs write them and as scanners bring them in: what is read, whether its fields are right,
 * whether the box is where the code was drawn, and what it costs. `--count N` pages of each kind, `--seed S`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Box, CodeSeen } from '../core/contract/reading.ts';
import { parseCode } from '../core/extract/codes/parse.ts';
import type { Payment as Read } from '../core/extract/codes/payment.ts';
import { createStageClock } from '../worker/clock.ts';
import { codesOfPage } from '../worker/codes/stage.ts';
import { decodeGrey } from '../worker/image/decode.ts';
import { readPage } from '../worker/tasks/read-page.ts';
import { createFigures } from './figure.ts';
import { epcPayment, swissPayment, type Expected, type Payment } from './generate/code-payments.ts';
import { codePage, scanOf } from './generate/code-pages.ts';
import { createRandom } from './random.ts';

interface Tally {
  pages: number;
  read: number;
}

const { values } = parseArgs({
  options: { count: { type: 'string', default: '120' }, seed: { type: 'string', default: '1' } },
});
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const folder = mkdtempSync(join(tmpdir(), 'ap-codes-'));
const random = createRandom(Number(values.seed));
const tally: Record<Payment['kind'], Tally> = { swiss_qr: { pages: 0, read: 0 }, epc: { pages: 0, read: 0 } };
const ms: Record<'pdf' | 'scan', number[]> = { pdf: [], scan: [] };
let fields = 0;
let right = 0;
let boxes = 0;
let placed = 0;

function wrongFields(read: Read, expected: Expected): string[] {
  const pairs: [string, unknown, unknown][] = [
    ['iban', read.iban, expected.iban],
    ['payee', read.payee, expected.payee],
    ['amount', read.amount, expected.amount],
    ['currency', read.currency, expected.currency],
    ['reference', read.reference, expected.reference],
    ['debtor', read.debtor, expected.debtor],
    ['message', read.message, expected.message],
    ['invoiceNumber', read.invoiceNumber, expected.invoiceNumber],
    ['issueDate', read.issueDate, expected.issueDate],
    ['problems', read.problems.join(' '), ''],
  ];
  fields += pairs.length;
  const wrong = pairs.filter(([, a, b]) => a !== b);
  right += pairs.length - wrong.length;
  return wrong.map(([name, a, b]) => `${name}: ${String(a)} instead of ${String(b)}`);
}

const area = (box: Box): number => (box[2] - box[0]) * (box[3] - box[1]);

/** Share of both boxes that they have in common. */
function overlap(a: Box, b: Box): number {
  const [wide, tall] = [Math.min(a[2], b[2]) - Math.max(a[0], b[0]), Math.min(a[3], b[3]) - Math.max(a[1], b[1])];
  const common = Math.max(0, wide) * Math.max(0, tall);
  return common / (area(a) + area(b) - common);
}

function judge(payment: Payment, codes: readonly CodeSeen[], made: string): void {
  const kept = tally[payment.kind];
  kept.pages += 1;
  const payments = codes.flatMap(({ text }) => {
    const parsed = parseCode(text);
    return parsed.kind === 'payment' ? [parsed.payment] : [];
  });
  const [read] = payments;
  if (read === undefined) {
    print(`not read: ${payment.kind}, ${made}`);
    return;
  }
  kept.read += 1;
  for (const wrong of wrongFields(read, payment.expected)) print(`wrong: ${payment.kind}, ${made}: ${wrong}`);
}

async function onePage(payment: Payment): Promise<void> {
  const { pdf, box } = await codePage(payment, random);
  const path = join(folder, 'page.pdf');
  writeFileSync(path, pdf);
  const outcome = await readPage({ path, type: 'pdf', page: 1, languages: ['eng'] });
  if (outcome.kind !== 'page') throw new Error(outcome.detail);
  const { codes = [] } = outcome.page;
  ms.pdf.push(outcome.ms['codes'] ?? 0);
  judge(payment, codes, 'PDF');
  boxes += 1;
  if (codes.some((code) => overlap(code.box, box) > 0.85)) placed += 1;
  const { png, made } = await scanOf(pdf, random);
  const clock = createStageClock();
  const scanned = await codesOfPage(await decodeGrey(png, 1), clock);
  ms.scan.push(clock.ms['codes'] ?? 0);
  judge(payment, scanned.codes ?? [], made);
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);
const quantile = (list: readonly number[], at: number): number =>
  list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * at))] ?? 0;

try {
  for (let i = 0; i < Number(values.count); i += 1) {
    for (const make of [swissPayment, epcPayment]) {
      // oxlint-disable-next-line no-await-in-loop -- one page after the other: times are measured
      await onePage(make(random));
    }
  }
  print(
    `${tally.swiss_qr.pages} pages with a Swiss QR code, ${tally.epc.pages} with an EPC code, half of them scans at 200 to 300 dpi`,
  );
  for (const [kind, times] of Object.entries(ms))
    print(
      `codes of a page, ${kind}: p50 ${quantile(times, 0.5).toFixed(1)} ms, p95 ${quantile(times, 0.95).toFixed(1)} ms`,
    );
  const figures = createFigures(print);
  figures.atLeast('codes.swiss_qr.read_percent', share(tally.swiss_qr.read, tally.swiss_qr.pages), 100);
  figures.atLeast('codes.epc.read_percent', share(tally.epc.read, tally.epc.pages), 100);
  figures.atLeast('codes.fields_percent', share(right, fields), 100);
  figures.atLeast('codes.boxes_percent', share(placed, boxes), 100);
  if (!figures.ok()) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
