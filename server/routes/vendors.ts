/** What was learned of vendors: seen, forgotten, brought back. */
import { api } from '../../core/contract/http.ts';
import type { Vendor } from '../../core/contract/vendors.ts';
import type { Context } from '../context.ts';
import type { On } from '../endpoint.ts';
import type { Forgetting } from '../memory.ts';
import { vendorOf } from '../vendors.ts';

async function change(context: Context, vendor: string, what: Forgetting, back: boolean): Promise<Vendor> {
  const { store, memory, actor } = context;
  await vendorOf(store, vendor);
  const ops = await memory.forget(vendor, { ...what, back, actor });
  const lessons = (await store.lessonsOf(vendor)).map(({ lesson }) => lesson);
  if (ops.length > 0) {
    await context.commit({ ops });
    // Apart from the change: a job of the same name that waits already is enough.
    for (const job of await memory.lookAgain(lessons)) await context.commit({ jobs: [job] });
  }
  return vendorOf(store, vendor);
}

export function installVendorRoutes(on: On): void {
  on(api.listVendors, async ({ store }) => ({ items: await store.learntVendors() }));
  on(api.getVendor, ({ store }, { params }) => vendorOf(store, params.id));
  on(api.forgetLessons, (context, { params, body }) => change(context, params.id, body, false));
  on(api.restoreLessons, (context, { params, body }) => change(context, params.id, body, true));
}
