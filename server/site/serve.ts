/** A site's server, listening: the API where it has that service, the internal listener of every role, and the board of the queues. */
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { grants } from '../../core/access/can.ts';
import { AppError } from '../../core/contract/errors.ts';
import { api, type Problem } from '../../core/contract/http.ts';
import { syncApi } from '../../core/contract/sync-http.ts';
import { leaseApi, togetherApi } from '../../core/contract/together-http.ts';
import { webhooksApi } from '../../core/contract/webhooks.ts';
import { principalOf } from '../access/guard.ts';
import type { Principal } from '../access/parts.ts';
import { createApp } from '../app.ts';
import type { Log } from '../log.ts';
import { createErrorHandler, sendProblem } from '../problem.ts';
import { installMetrics } from '../routes/station.ts';
import { VERSION } from '../version.ts';
import type { SiteConfig } from './config.ts';
import { openSite, type Site, type SiteOptions } from './site.ts';

/** A probe must not wait as long as a request may. */
const READY_MS = 3_000;
/** Of requests that have begun when a replica is told to stop, and beside them its jobs have as long: a container's patience is 30 seconds (cli/serve.ts). */
const FINISH_MS = 20_000;
const BOARD = '/queues';

export interface ServingSite {
  readonly site: Site;
  /** Undefined without the services `api` and `sync`. */
  readonly url: string | undefined;
  readonly internalUrl: string;
  readonly boardUrl: string | undefined;
  /** Answers what has begun, lets jobs end, and closes. */
  close(): Promise<void>;
}

export interface ServeOptions extends SiteOptions {
  /** Replies are checked against their contract before they leave. */
  readonly checkReplies?: boolean;
}

export async function serveSite(config: SiteConfig, options: ServeOptions): Promise<ServingSite> {
  const site = await openSite(config, options);
  const apps: FastifyInstance[] = [];
  const listen = async (app: FastifyInstance, port: number): Promise<string> => {
    apps.push(app);
    return app.listen({ host: config.host, port });
  };
  let isUp = false;
  const close = async (): Promise<void> => {
    isUp = false;
    // It takes no more jobs; whether the last ones could end, `site.close()` tells.
    site.rest().catch(() => undefined);
    // Streams of events end with their desks, and stations that wait for news are answered: the listeners wait for both.
    site.desks.close();
    site.together.close();
    site.sync?.close();
    await Promise.all(apps.map((app) => app.close()));
    await site.close();
  };
  try {
    const internalUrl = await listen(
      internalApp(site, () => isUp),
      config.internalPort,
    );
    const { services } = config;
    const app =
      services.has('api') || services.has('sync')
        ? await apiApp(config, site, options.checkReplies ?? false)
        : undefined;
    const url = app === undefined ? undefined : await listen(app, config.port);
    const board = app === undefined || !services.has('api') ? undefined : await boardApp(config, site, app);
    const boardUrl = board === undefined ? undefined : await listen(board, config.boardPort);
    site.start();
    isUp = true;
    return { site, url, internalUrl, boardUrl, close };
  } catch (error) {
    await close().catch(() => undefined); // the failure at hand says why
    throw error;
  }
}

function apiApp(config: SiteConfig, site: Site, checkReplies: boolean): Promise<FastifyInstance> {
  const { log, metrics, desks, access } = site;
  const { front } = access;
  return createApp(
    {
      config: { transport: { kind: 'tcp', port: config.port }, token: undefined, ui: config.ui },
      log,
      metrics,
      checkReplies,
      contexts(request) {
        const { site: name, actor } = principalOf(request);
        return desks.of(name).as(actor);
      },
    },
    {
      ...front,
      guard(app) {
        front.guard?.(app);
        if (!config.services.has('api')) leaveToOthers(app);
      },
      finishMs: FINISH_MS,
      endpoints: {
        ...front.endpoints,
        ...webhooksApi,
        ...togetherApi,
        ...leaseApi,
        ...(site.sync === undefined ? {} : syncApi),
      },
      async routes(app) {
        await front.routes?.(app);
        site.webhooks.install(app);
        site.together.install(app);
        await site.sync?.install(app);
        await installBoard(app, config, site);
      },
    },
  );
}

/** A process for the stations alone: what people ask for is another one's. */
function leaveToOthers(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ routeOptions: { url = '' } }) => {
    if (url.startsWith('/api/v1/sites/') || url === api.health.path) return;
    throw new AppError('not_found', 'This process serves stations alone (--services=sync).');
  });
}

/** Ids of every site's jobs stand on the board: it is for those who look after the installation, the admins of its first site. */
const mayLook = ({ access }: SiteConfig, { site, role }: Principal): boolean =>
  site === access.sites[0] && grants(role, 'jobs.replay');

/** The board beside the user interface, by the same sign-in. */
async function installBoard(app: FastifyInstance, config: SiteConfig, { delivery }: Site): Promise<void> {
  if (delivery === undefined) return;
  const { createBoardPlugin } = await import('../queue/bull-board.ts');
  await app.register(
    async (scope) => {
      scope.addHook('onRoute', (route) => {
        route.config = { ...route.config, action: 'jobs.read' };
      });
      await scope.register(
        createBoardPlugin({
          queues: delivery.queues,
          available: delivery.available,
          authorize: async (request) => {
            if (mayLook(config, principalOf(request))) return true;
            throw new AppError(
              'forbidden',
              'The board is for admins of the first site. See /api/v1/jobs for your own.',
            );
          },
        }),
      );
    },
    { prefix: BOARD },
  );
}

/** The same on a port of its own, for the operator's machine: the API's guard decides, on the same token or cookie. */
async function boardApp(config: SiteConfig, { delivery, log }: Site, app: FastifyInstance) {
  if (delivery === undefined) return undefined;
  const { createBoardServer, REDIS_AWAY } = await import('../queue/bull-board.ts');
  const { host } = new URL(config.access.origin);
  const authorize = async ({ headers: { authorization, cookie } }: FastifyRequest): Promise<boolean> => {
    const headers = {
      host,
      ...(authorization === undefined ? {} : { authorization }),
      ...(cookie === undefined ? {} : { cookie }),
    };
    const asked = await app.inject({ url: `${BOARD}/api/queues`, headers });
    if (asked.statusCode !== 503) return asked.statusCode === 200;
    const { detail, details } = asked.json<Problem>();
    // Of the board itself: let in, and Redis is away. Any other was said by the guard, who does not know who this is.
    if (details?.['reason'] === REDIS_AWAY) return true;
    throw new AppError('unavailable', detail, details);
  };
  return createBoardServer({ queues: delivery.queues, available: delivery.available, authorize }, log);
}

/** For the network of the containers alone: whether this process lives, whether it can work, and its numbers. */
function internalApp(site: Site, isUp: () => boolean): FastifyInstance {
  const { log, metrics } = site;
  const app = plain(log);
  app.get('/health', () => ({ status: 'ok', version: VERSION }));
  app.get('/health/ready', async (_request, reply) => {
    const notReady = () => reply.code(503).header('retry-after', '5').send({ status: 'not ready', version: VERSION });
    // It listens here first, and still to nobody else.
    if (!isUp()) return notReady();
    try {
      await inTime(site.ready(), READY_MS);
      const wentBack = site.sync?.wentBack() ?? [];
      // It works all the same; only a person can say that it was brought back.
      return { status: 'ready', version: VERSION, ...(wentBack.length === 0 ? {} : { wentBack }) };
    } catch (error) {
      log.warn('not ready', { error });
      return notReady();
    }
  });
  installMetrics(app, metrics);
  return app;
}

function plain(log: Log): FastifyInstance {
  const app = fastify({ logger: false, forceCloseConnections: true, exposeHeadRoutes: false });
  app.setErrorHandler(createErrorHandler(log));
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, new AppError('not_found', 'There is nothing here.')));
  return app;
}

async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
