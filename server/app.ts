/** One Fastify app for both transports and for tests; everything real comes in as arguments. */
import multipart from '@fastify/multipart';
import fastify, { type FastifyInstance } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { AppError } from '../core/contract/errors.ts';
import { LIMITS } from '../core/contract/intake.ts';
import type { Config } from './config.ts';
import type { Contexts } from './context.ts';
import { givenId } from './correlation.ts';
import { installDocs } from './docs.ts';
import type { Endpoint } from './endpoint.ts';
import { installGuard } from './guard.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { createErrorHandler, sendProblem, toProblem } from './problem.ts';
import { installRoutes } from './routes/routes.ts';
import { installMetrics } from './routes/station.ts';
import { installUi } from './ui.ts';
import { VERSION } from './version.ts';

const JSON_LIMIT = 4 * 1024 * 1024;
/** Of the event loop: a server that callers never cease to reach stops all the same. */
const MOST_TURNS = 1_000;

/** What stands before the routes: a station answers to its own machine, a site to whoever is signed in (access/site-access.ts). */
export interface Front {
  /** Who may speak to this server. The station's guard where none is given. */
  readonly guard?: (app: FastifyInstance) => void;
  /** Routes that only this composition has, and their contracts for /docs. */
  readonly routes?: (app: FastifyInstance) => Promise<void>;
  readonly endpoints?: Readonly<Record<string, Endpoint>>;
  /** Proxies whose word on the caller's address is taken. */
  readonly trustProxy?: boolean | string;
  /** So long requests that have begun may go on when the server stops; not at all by default. */
  readonly finishMs?: number;
}

export interface AppParts {
  readonly config: Pick<Config, 'transport' | 'token' | 'ui'>;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Replies are checked against their contract before they leave. */
  readonly checkReplies: boolean;
  readonly contexts: Contexts;
}

export async function createApp(parts: AppParts, front: Front = {}): Promise<FastifyInstance> {
  const { config, log, metrics } = parts;
  const app = fastify({
    logger: false,
    bodyLimit: JSON_LIMIT,
    trustProxy: front.trustProxy ?? false,
    // A proxy that is believed names its requests; everybody else's are named here.
    genReqId: ({ headers }) =>
      (front.trustProxy === undefined ? undefined : givenId(headers['x-request-id'])) ?? randomUUID(),
    routerOptions: { maxParamLength: 200 },
    // An answer to HEAD would be made in full and thrown away; for events it would never end.
    exposeHeadRoutes: false,
    // Keep-alive sockets and event streams are ended when the server stops; what has begun may end first where there is time for it.
    forceCloseConnections: front.finishMs === undefined ? true : 'idle',
    // Who reached it before it stopped listening is answered as ever: behind a proxy, a 503 to a save goes to the person who saved.
    return503OnClosing: false,
    frameworkErrors: (_error, _request, reply) => {
      sendProblem(reply, new AppError('bad_request', 'The address of the request is not valid.'));
    },
    clientErrorHandler: (_error, socket) => {
      if (!socket.writable) {
        socket.destroy();
        return;
      }
      const body = JSON.stringify(toProblem(new AppError('bad_request', 'The request is not valid HTTP.')));
      socket.end(
        `HTTP/1.1 400 Bad Request\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
      );
    },
  });
  if (front.finishMs !== undefined) installFinish(app, front.finishMs);
  app.decorate('checkReplies', parts.checkReplies);
  // Contracts are parsed by `serve`; Fastify's own schema compilers are not used.
  app.setErrorHandler(createErrorHandler(log));
  app.setNotFoundHandler((request, reply) =>
    sendProblem(
      reply,
      new AppError('not_found', `There is nothing at ${request.method} ${request.url.split('?')[0]}.`),
    ),
  );
  if (front.guard === undefined) installGuard(app, config.transport, config.token);
  else front.guard(app);
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers({
      'x-request-id': request.id,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'x-frame-options': 'DENY',
    });
  });
  app.addHook('onResponse', async (request, reply) => {
    const labels = {
      method: request.method,
      route: request.routeOptions.url ?? '(none)',
      status: String(reply.statusCode),
    };
    metrics.http.observe(labels, reply.elapsedTime / 1000);
    log.info('request', {
      reqId: request.id,
      method: labels.method,
      route: labels.route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    });
  });
  await app.register(multipart, {
    limits: {
      fileSize: LIMITS.bytes,
      files: LIMITS.batchFiles,
      fields: 10,
      fieldSize: 1024,
      parts: LIMITS.batchFiles + 10,
    },
  });
  installRoutes(app, parts.contexts);
  if (front.guard === undefined) installMetrics(app, metrics);
  await front.routes?.(app);
  await installDocs(app, VERSION, front.endpoints);
  await installUi(app, config.ui);
  return app;
}

/** Whoever reached the server before it stops is answered; his connection ends with that. */
function installFinish(app: FastifyInstance, finishMs: number): void {
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
    // A reader that takes nothing would hold the server for ever.
    setTimeout(() => app.server.closeAllConnections(), finishMs).unref();
    await takenFromKernel(app.server);
  });
  // A request that had begun before was not told that its connection closes: its caller would keep it, and so hold the server.
  app.addHook('onResponse', async () => {
    if (isClosing) setImmediate(() => app.server.closeIdleConnections());
  });
}

/**
 * Connections that the kernel has made, and Node has not been handed, are reset when the socket is closed: whoever reached it in time would get no answer. Resolves after a
 * whole turn of the event loop that brought none.
 */
async function takenFromKernel(server: Server): Promise<void> {
  let brought = 0;
  const count = (): void => void (brought += 1);
  server.on('connection', count);
  // What is left of this turn.
  await turn();
  for (let turns = 0, before = -1; before < brought && turns < MOST_TURNS; turns += 1) {
    before = brought;
    await turn();
  }
  server.off('connection', count);
}
