/** `vendors`: what was learned of vendors, and the way to forget it. */
import { AppError } from '../../core/contract/errors.ts';
import type { Station } from '../station.ts';
import { type Command, parse, type Surroundings, UsageError } from './command.ts';
import { configFor, withStation } from './open.ts';

const HELP = `Usage: ap-intake vendors [list | forget VENDOR | restore VENDOR] [--field FIELD] [--data DIR] [--workspace own|demo]

Lists the vendors that something was learned of: id, invoices learned from (and how many of them count), values remembered right
and in all, name. "forget" takes back what was learned of one of them, "restore" brings it back. The station must not be running.

  VENDOR         id or name, as listed
  --field FIELD  one field only, such as invoiceNumber
  --data DIR     data folder (default: the user's own)

Examples:
  ap-intake vendors
  ap-intake vendors forget "Northwind Paper Ltd" --field dueDate
`;

async function list({ context: { store } }: Station, around: Surroundings): Promise<number> {
  for (const { vendor, name, lessons, active, right, wrong } of await store.learntVendors())
    around.out(`${vendor}\t${active}/${lessons}\t${right}/${right + wrong}\t${name}\n`);
  return 0;
}

async function change(
  { context }: Station,
  around: Surroundings,
  wish: { vendor: string; field: string | undefined; back: boolean },
): Promise<number> {
  const all = await context.store.learntVendors();
  const found = all.find(({ vendor, name }) => vendor === wish.vendor || name === wish.vendor);
  if (found === undefined) throw new AppError('not_found', `Nothing was learned of a vendor "${wish.vendor}".`);
  const ops = await context.memory.forget(found.vendor, { field: wish.field, back: wish.back, actor: context.actor });
  if (ops.length > 0) await context.commit({ ops });
  around.out(`${ops.length} ${wish.back ? 'restored' : 'forgotten'}\n`);
  return 0;
}

export const vendorsCommand: Command = {
  summary: 'what was learned of vendors; forget it',
  help: HELP,
  async run(args, around) {
    const { values, positionals } = parse(args, {
      field: { type: 'string' },
      data: { type: 'string' },
      workspace: { type: 'string' },
    });
    const [what = 'list', vendor] = positionals;
    if (!['list', 'forget', 'restore'].includes(what)) throw new UsageError(`There is no "vendors ${what}".`);
    if (what !== 'list' && vendor === undefined) throw new UsageError('Name the vendor, by its id or name.');
    return withStation(configFor(around, values), (station) =>
      what === 'list' || vendor === undefined
        ? list(station, around)
        : change(station, around, { vendor, field: values.field, back: what === 'restore' }),
    );
  },
};
