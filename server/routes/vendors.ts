/** What was learned of vendors: seen, forgotten, brought back. */
import type { FastifyInstance } from 'fastify';
import { api } from '../../core/contract/http.ts';
import type { Vendor } from '../../core/contract/vendors.ts';
import type { Context } from '../context.ts';
import { serve } from '../endpoint.ts';
import type { Forgetting } from '../memory.ts';
import { vendorOf } from '../vendors.ts';

export function installVendorRoutes(app: FastifyInstance, context: Context): void {
  const { store, memory } = context;
  const change = async (vendor: string, what: Forgetting, back: boolean): Promise<Vendor> => {
    await vendorOf(store, vendor);
    const ops = await memory.forget(vendor, what, back);
    const lessons = (await store.lessonsOf(vendor)).map(({ lesson }) => lesson);
    if (ops.length > 0) {
      await context.commit({ ops });
      // Apart from the change: a job of the same name that waits already is enough.
      for (const job of await memory.lookAgain(lessons)) await context.commit({ jobs: [job] });
    }
    return vendorOf(store, vendor);
  };
  serve(app, api.listVendors, async () => ({ items: await store.learntVendors() }));
  serve(app, api.getVendor, ({ params }) => vendorOf(store, params.id));
  serve(app, api.forgetLessons, ({ params, body }) => change(params.id, body, false));
  serve(app, api.restoreLessons, ({ params, body }) => change(params.id, body, true));
}
