/** Who is at what, asked at a station: the endpoints that a site has, too, and those of what is taken along. */
import type { FastifyInstance } from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import { parcelApi, togetherApi } from '../../../core/contract/together-http.ts';
import { serve } from '../../endpoint.ts';
import type { StationTogether } from './together.ts';

const LOOK_MS = 500;

export function installStationTogether(app: FastifyInstance, together: StationTogether): void {
  serve(app, togetherApi.getTogether, async ({ query: { tag, wait } }) => {
    // Screens hear of changes by events; who waits here is a program.
    for (let left = wait * 1_000; left > 0 && together.view().tag === tag; left -= LOOK_MS) await sleep(LOOK_MS);
    return together.view();
  });
  serve(app, togetherApi.keepDesk, async ({ params, body }) => ({ holder: await together.keep(params.id, body) }));
  serve(app, togetherApi.leaveDesk, async ({ params, body }) => {
    await together.leave(params.id, body.window);
    return {};
  });
  serve(app, togetherApi.claimNext, async ({ body }) => ({ invoice: await together.next(body.invoices, body.window) }));
  serve(app, togetherApi.getLease, ({ params }) => together.lease(params.id));
  serve(app, parcelApi.listParcels, async () => ({ parcels: await together.parcels() }));
  serve(app, parcelApi.takeParcel, ({ body }) => together.take(body));
  serve(app, parcelApi.giveParcelBack, ({ params }) => together.giveBack(params.id));
  serve(app, parcelApi.dismissParcel, async ({ params }) => {
    await together.dismiss(params.id);
    return { parcels: await together.parcels() };
  });
}
