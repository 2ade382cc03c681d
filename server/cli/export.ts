/** `export`: the approved invoices of a data folder as a file. */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EXPORT_FORMATS } from '../../core/contract/http.ts';
import { skipText } from '../../core/text/text.ts';
import { choice, type Command, parse, UsageError } from './command.ts';
import { configFor, withStation } from './open.ts';

const HELP = `Usage: ap-intake export --format csv|json|xlsx|ubl --out FILE [--invoice ID]... [--data DIR] [--dry-run]

Exports the approved invoices of a data folder as one batch and marks them exported.

  --format NAME   csv, json, xlsx or ubl (one XML for one invoice, a ZIP for several)
  --out FILE      where to write; "-" for standard output
  --invoice ID    only this one; may be repeated
  --dry-run       writes the preview and changes nothing
  --data DIR      data folder (default: the user's own)

Examples:
  ap-intake export --format csv --out bills.csv
  ap-intake export --format json --out - --dry-run
`;

export const exportCommand: Command = {
  summary: 'write approved invoices as CSV, JSON, XLSX or UBL',
  help: HELP,
  async run(args, around) {
    const { values } = parse(args, {
      format: { type: 'string' },
      out: { type: 'string' },
      invoice: { type: 'string', multiple: true },
      'dry-run': { type: 'boolean', default: false },
      data: { type: 'string' },
      workspace: { type: 'string' },
    });
    if (values.format === undefined) throw new UsageError('--format is missing.');
    if (values.out === undefined) throw new UsageError('--out is missing.');
    const format = choice('format', values.format, EXPORT_FORMATS, 'csv');
    const { out } = values;
    return withStation(configFor(around, values), async ({ context }) => {
      const wish = { format, dryRun: values['dry-run'], batchId: randomUUID() };
      const reply = await context.exports.create({
        ...wish,
        ...(values.invoice === undefined ? {} : { invoices: values.invoice }),
      });
      for (const { id, reason } of reply.skipped) around.say(`left out: ${id} ${skipText('en', reason)}`);
      const bytes =
        reply.batch === null ? Buffer.from(reply.preview ?? '') : await context.blobs.bytes(reply.batch.sha256);
      if (out === '-') process.stdout.write(bytes);
      else await writeFile(resolve(around.cwd, out), bytes);
      around.say(
        reply.batch === null
          ? `Would export ${reply.invoices.length} invoices. Nothing was changed.`
          : `Exported ${reply.invoices.length} invoices as batch ${reply.batch.number}.`,
      );
      return 0;
    });
  },
};
