/** `import`: files into a data folder, read to the end, a line a file. */
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IntakeResult } from '../../core/contract/intake.ts';
import type { InvoiceSummary } from '../../core/contract/invoice.ts';
import { reasonText } from '../../core/text/text.ts';
import type { Context } from '../context.ts';
import { filesUnder } from '../intake/intake.ts';
import { type Command, parse, type Surroundings, UsageError } from './command.ts';
import { configFor, withStation } from './open.ts';

const HELP = `Usage: ap-intake import FILE|FOLDER... [--data DIR] [--workspace own|demo]

Takes invoices into the station's data folder, reads them, and prints a line a file:
  status, file, vendor, number, date, total, and what is to be looked at.
PDF, PNG, JPEG, TIFF, WebP, e-invoice XML, EML, MSG and ZIP are known by their content.
The same bytes are taken once. The exit code is 1 where a file was refused.

  --data DIR        data folder (default: the user's own, the one "npm start" uses)
  --workspace NAME  own (default) or demo

Examples:
  ap-intake import invoice.pdf
  ap-intake import ~/Downloads/invoices --data /srv/station
`;

/** Looks again at what is not finished; there is no person to be told in between. */
const STEP_MS = 150;

export const importCommand: Command = {
  summary: 'take files into a data folder and read them',
  help: HELP,
  async run(args, around) {
    const { values, positionals } = parse(args, { data: { type: 'string' }, workspace: { type: 'string' } });
    if (positionals.length === 0) throw new UsageError('Name at least one file or folder.');
    const paths = positionals.map((path) => resolve(around.cwd, path));
    const files = await filesUnder(paths);
    if (files.length === 0) throw new UsageError('There are no files in what was named.');
    return withStation(configFor(around, values), async (station) => {
      const { context } = station;
      // What lies in the watched folder was not named here.
      await station.start({ watch: false });
      const results = await context.intake.importPaths(files, 'path');
      await settled(context, around);
      let code = 0;
      for (const result of results) {
        for (const line of await linesOf(context, result)) around.out(`${line}\n`);
        if (result.kind === 'refused') code = 1;
      }
      return around.signal.aborted ? 130 : code;
    });
  },
};

async function settled(context: Context, { signal, say }: Surroundings): Promise<void> {
  let before = -1;
  while (!signal.aborted) {
    const { waiting, running } = await context.queue.counts();
    const left = waiting + running;
    if (left === 0) return;
    if (left !== before) say(`${left} still to be read`);
    before = left;
    await sleep(STEP_MS);
  }
}

async function linesOf(context: Context, result: IntakeResult): Promise<string[]> {
  if (result.kind === 'refused') return [['refused', result.file, result.detail].join('\t')];
  const [first] = result.invoices;
  const own = first === undefined ? [] : [first];
  // What was in an archive or a mail stands behind it.
  const all = await Promise.all(
    [...own, ...(await membersOf(context, result.document))].map((id) => context.store.invoice(id)),
  );
  const known = result.kind === 'already' ? ' (already here)' : '';
  return all.flatMap((invoice) =>
    invoice === undefined ? [] : [lineOf(context.model.projection(invoice).summary, known)],
  );
}

async function membersOf(context: Context, document: string): Promise<string[]> {
  const found: string[] = [];
  for (const id of await context.store.invoiceIds({})) {
    const invoice = await context.store.invoice(id);
    if (invoice?.document.parent === document) found.push(id, ...(await membersOf(context, invoice.document.sha256)));
  }
  return found;
}

function lineOf(summary: InvoiceSummary, known: string): string {
  const why = summary.reason === null ? undefined : reasonText('en', summary.reason).reason;
  const total = [summary.grossTotal, summary.currency].filter((part) => part !== null).join(' ');
  const doubts = why ?? `errors: ${summary.errors}, warnings: ${summary.warnings}, to look at: ${summary.attention}`;
  const cells = [summary.vendorName, summary.invoiceNumber, summary.issueDate, total].map((cell) => cell ?? '-');
  return [summary.status, `${summary.documentName}${known}`, ...cells, doubts].join('\t');
}
