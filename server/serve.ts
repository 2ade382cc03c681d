/** A station with its HTTP server, listening. */
import { randomBytes } from 'node:crypto';
import { chmod, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { accessApi } from '../core/contract/access.ts';
import { siteLinkApi } from '../core/contract/site-link-http.ts';
import { stationSyncApi } from '../core/contract/station-sync-http.ts';
import { parcelApi, togetherApi } from '../core/contract/together-http.ts';
import { createApp } from './app.ts';
import type { Config, Transport } from './config.ts';
import { installSiteLink } from './enrol/routes.ts';
import { installStationSync } from './sync/station/routes.ts';
import { installStationTogether } from './sync/station/together-routes.ts';
import { openStation, type Station, type StationOptions } from './station.ts';

/** What a launcher is told, as one line `AP_READY {json}`. */
export interface Ready {
  readonly transport: 'tcp' | 'socket';
  readonly url: string;
  readonly port?: number;
  readonly socket?: string;
  /** Only where the server made it itself: a launcher that gave one has it. */
  readonly token?: string;
  readonly workspace: string;
  readonly pid: number;
}

export interface ServerOptions extends StationOptions {
  /** Replies are checked against their contract before they leave. */
  readonly checkReplies?: boolean;
}

export interface RunningServer {
  readonly ready: Ready;
  readonly station: Station;
  /** Ends gracefully: open requests, running jobs, database. */
  close(): Promise<void>;
}

export async function startServer(wanted: Config, options: ServerOptions): Promise<RunningServer> {
  const made =
    wanted.token === undefined && wanted.transport.kind === 'tcp' ? randomBytes(32).toString('base64url') : undefined;
  const config = made === undefined ? wanted : { ...wanted, token: made };
  const station = await openStation(config, options);
  try {
    const { context } = station;
    const { log, metrics } = context;
    const checkReplies = options.checkReplies ?? false;
    const app = await createApp(
      { config, log, metrics, checkReplies, contexts: () => station.context },
      {
        endpoints: { ...siteLinkApi, ...stationSyncApi, ...togetherApi, ...parcelApi, listNames: accessApi.listNames },
        routes: async (into) => {
          installSiteLink(into, station.site);
          installStationSync(into, station.sync);
          installStationTogether(into, station.together);
        },
      },
    );
    const close = async (): Promise<void> => {
      // Streams of events never end by themselves.
      context.hub.close();
      await app.close();
      await station.close();
    };
    const place = await listen(app, config.transport);
    await station.start();
    const token = made === undefined ? {} : { token: made };
    return { ready: { ...place, ...token, workspace: config.workspace, pid: process.pid }, station, close };
  } catch (error) {
    await station.close();
    throw error;
  }
}

async function listen(
  app: FastifyInstance,
  transport: Transport,
): Promise<Pick<Ready, 'transport' | 'url' | 'port' | 'socket'>> {
  if (transport.kind === 'tcp') {
    const url = await app.listen({ host: '127.0.0.1', port: transport.port });
    return { transport: 'tcp', url, port: Number(new URL(url).port) };
  }
  const { path } = transport;
  if (process.platform === 'win32') {
    await app.listen({ path });
    return { transport: 'socket', url: 'ap://app', socket: path };
  }
  await removeDeadSocket(path);
  // Made unreadable for others from its first moment; the mode alone would come a moment too late.
  const before = process.umask(0o177);
  try {
    await app.listen({ path });
  } finally {
    process.umask(before);
  }
  await chmod(path, 0o600);
  return { transport: 'socket', url: 'ap://app', socket: path };
}

/** A killed server leaves its socket file behind; one that answers is somebody's and stays. */
async function removeDeadSocket(path: string): Promise<void> {
  const alive = await new Promise<boolean>((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
  if (!alive) await unlink(path).catch(() => undefined);
}
