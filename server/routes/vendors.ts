/** What was learned of vendors: seen, forgotten, brought back. */
import { AppError } from '../../core/contract/errors.ts';
import { api } from '../../core/contract/http.ts';
import type { Vendor } from '../../core/contract/vendors.ts';
import { changedSince, type Match, requireSeen, tagged, vendorTag } from '../conditions.ts';
import type { Context } from '../context.ts';
import type { On } from '../endpoint.ts';
import type { Forgetting } from '../memory.ts';
import { vendorOf } from '../vendors.ts';

interface Wish extends Forgetting {
  readonly back: boolean;
}

async function change(context: Context, vendor: string, what: Wish, match: Match | undefined): Promise<Vendor> {
  const { store, memory, actor } = context;
  // Counted before it is looked at: whoever comes in between makes the change be refused, never pass.
  const count = match === undefined ? 0 : (await store.opsOf(vendor)).length;
  const seen = await vendorOf(store, vendor);
  requireSeen(match, () => vendorTag(seen));
  const ops = await memory.forget(vendor, { ...what, actor });
  const lessons = (await store.lessonsOf(vendor)).map(({ lesson }) => lesson);
  if (ops.length > 0) {
    const expects = match === undefined || match.any ? {} : { expects: { ops: { root: vendor, count } } };
    const committed = await context.commit({ ops, ...expects });
    if (committed.kind === 'conflict') throw 'expects' in expects ? changedSince() : tryAgain();
    // Apart from the change: a job of the same name that waits already is enough.
    for (const job of await memory.lookAgain(lessons)) await context.commit({ jobs: [job] });
  } else if (match !== undefined && !match.any && (await store.opsOf(vendor)).length !== count) {
    // Nothing left to change, because whoever came in between changed it: that was not seen either.
    throw changedSince();
  }
  return vendorOf(store, vendor);
}

const tryAgain = (): AppError => new AppError('unavailable', 'What was learned is being changed. Try again.');

export function installVendorRoutes(on: On): void {
  on(api.listVendors, async ({ store }) => ({ items: await store.learntVendors() }));
  on(api.getVendor, async ({ store }, { params, reply }) => tagged(reply, vendorTag, await vendorOf(store, params.id)));
  on(api.forgetLessons, async (context, { params, body, match, reply }) =>
    tagged(reply, vendorTag, await change(context, params.id, { ...body, back: false }, match)),
  );
  on(api.restoreLessons, async (context, { params, body, match, reply }) =>
    tagged(reply, vendorTag, await change(context, params.id, { ...body, back: true }, match)),
  );
}
