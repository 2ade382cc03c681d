/** `site`: what only whoever looks after the database of a site can tell it: that it was brought back from a backup, and how far a backup reaches. */
import { type Command, parse, type Surroundings, UsageError } from './command.ts';
import { type SiteDatabase, withSiteDatabase } from './site-database.ts';

const HELP = `Usage: ap-intake site history [--site SITE]
       ap-intake site restored [--site SITE]
       ap-intake site backed-up --seq N [--site SITE]

  history      epoch, number and hash at which each site's log ends, and up to where it is in a backup, as JSON lines
  restored     to be run once after each restore of the database from a backup, with the servers stopped or before they are started: a new epoch, which
               stations notice; they offer again what the backup lacks. What was erased after the backup is erased again
  backed-up    after a backup was made and proved: it holds every operation up to N. Take N from "history" before the backup is begun

Without --site all sites of the database; "backed-up" needs it where there are several. The database is the one in DATABASE_URL, as the role that the site works with.

Examples:
  ap-intake site restored
  ap-intake site backed-up --seq 18204
`;

async function sitesOf({ database }: SiteDatabase, wanted: string | undefined): Promise<string[]> {
  const sites = await database.sites();
  if (wanted === undefined) return sites;
  if (!sites.includes(wanted)) throw new UsageError(`There is no site ${wanted}. There are: ${sites.join(', ')}.`);
  return [wanted];
}

async function history(open: SiteDatabase, wanted: string | undefined, { out }: Surroundings): Promise<number> {
  for (const site of await sitesOf(open, wanted)) {
    const { epoch, seq, siteHash, durableSeq } = await (await open.database.site(site)).hub.history();
    out(`${JSON.stringify({ site, epoch, seq, site_hash: siteHash, durable_seq: durableSeq })}\n`);
  }
  return 0;
}

async function restored(open: SiteDatabase, wanted: string | undefined, { out }: Surroundings): Promise<number> {
  for (const site of await sitesOf(open, wanted)) {
    const { hub } = await open.database.site(site);
    const before = await hub.history();
    const epoch = await hub.raiseEpoch();
    out(`${site}: epoch ${epoch} after ${before.epoch}, from number ${before.seq} on\n`);
  }
  return 0;
}

async function backedUp(
  open: SiteDatabase,
  wanted: string | undefined,
  seq: number,
  around: Surroundings,
): Promise<number> {
  const sites = await sitesOf(open, wanted);
  const [site] = sites;
  if (site === undefined || sites.length > 1)
    throw new UsageError(`Each site has numbers of its own: name one by --site (${sites.join(', ')}).`);
  const { hub } = await open.database.site(site);
  const { seq: newest } = await hub.history();
  if (seq > newest) {
    around.say(`The log of ${site} ends at ${newest}: no backup of it holds number ${seq}.`);
    return 1;
  }
  await hub.keepDurable(seq);
  const { durableSeq } = await hub.history();
  around.out(`${site}: in a backup up to ${durableSeq} of ${newest}\n`);
  return 0;
}

function numberOf(text: string | undefined): number {
  const seq = Number(text ?? '');
  if (text === undefined || !/^\d{1,15}$/.test(text)) throw new UsageError('--seq must be the number of an operation.');
  return seq;
}

export const siteCommand: Command = {
  summary: 'a site was restored, or backed up up to a number',
  help: HELP,
  async run(args, around) {
    const { values, positionals } = parse(args, { site: { type: 'string' }, seq: { type: 'string' } });
    const [what, ...more] = positionals;
    const known = ['history', 'restored', 'backed-up'] as const;
    const wish = known.find((one) => one === what);
    if (wish === undefined || more.length > 0) throw new UsageError(`Say one of ${known.join(', ')}.`);
    const seq = wish === 'backed-up' ? numberOf(values.seq) : 0;
    const done = await withSiteDatabase(around, (open) => {
      if (wish === 'history') return history(open, values.site, around);
      return wish === 'restored' ? restored(open, values.site, around) : backedUp(open, values.site, seq, around);
    });
    if (done === undefined) throw new UsageError('Set DATABASE_URL to the database of the site.');
    return done.result;
  },
};
