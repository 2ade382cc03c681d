/** Endpoints of a station alone: a site has none of them. */
import type { FastifyInstance } from 'fastify';
import { accessApi } from '../../../core/contract/access.ts';
import { stationSyncApi } from '../../../core/contract/station-sync-http.ts';
import { serve } from '../../endpoint.ts';
import type { StationSync } from './station-sync.ts';

export function installStationSync(app: FastifyInstance, sync: StationSync): void {
  serve(app, stationSyncApi.getSync, () => sync.view());
  serve(app, accessApi.listNames, async () => ({ items: [...(await sync.names())] }));
  serve(app, stationSyncApi.syncNow, () => sync.now());
  serve(app, stationSyncApi.sawRefused, ({ body }) => sync.sawRefused(body.ops));
}
