/**
 * bull-board: what Redis carries at the moment, for operators. It only shows: what is to be done with a job is decided in the database
 * (`ap-intake jobs`, `/api/v1/jobs/dead`). It has a listener of its own (port 5555) and lets nobody in whom `authorize` does not.
 */
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import fastify, {
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { AppError } from '../../core/contract/errors.ts';
import type { Log } from '../log.ts';
import { createErrorHandler, sendProblem } from '../problem.ts';
import type { BullQueues } from './redis-queues.ts';

export interface BoardParts {
  readonly queues: BullQueues;
  /** Whether Redis can be asked. */
  readonly available: () => boolean;
  /** True lets the request in. Otherwise it may have answered by itself (a redirect to the sign-in); where it has not, the answer is 401. */
  readonly authorize: (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>;
}

/** The board's own refusal, of somebody who was let in. */
export const REDIS_AWAY = 'redis-away';

const HEADERS = {
  // Styles stand in its components; fonts are those of the machine, nothing is loaded from elsewhere.
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};
const FOREIGN_FONTS = /<link href="https:\/\/fonts\.googleapis\.com[^>]*>/g;

const withoutFonts = (payload: unknown): unknown => {
  if (Buffer.isBuffer(payload)) return payload.toString('utf8').replace(FOREIGN_FONTS, '');
  return typeof payload === 'string' ? payload.replace(FOREIGN_FONTS, '') : payload;
};

/** Registers below `prefix` (default: the root). */
export function createBoardPlugin({ queues, available, authorize }: BoardParts): FastifyPluginAsync {
  return async (app) => {
    const adapter = new FastifyAdapter();
    adapter.setBasePath(app.prefix);
    createBullBoard({
      queues: Object.values(queues).map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
      serverAdapter: adapter,
      options: { uiConfig: { boardTitle: 'AP Intake: queues' } },
    });
    app.addHook('onRequest', async (request, reply) => {
      void reply.headers(HEADERS);
      if (!(await authorize(request, reply))) {
        if (!reply.sent) sendProblem(reply, new AppError('unauthorized', 'Sign in to see the queues.'));
        return reply;
      }
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return sendProblem(reply, new AppError('not_allowed', 'The board only shows. Use "ap-intake jobs".'));
      if (!available() && request.url.includes('/api/'))
        return sendProblem(
          reply,
          new AppError('unavailable', 'Redis is away; jobs are worked on all the same.', { reason: REDIS_AWAY }),
        );
      return undefined;
    });
    // The board makes a 500 of whatever is thrown: a refusal stays one.
    app.addHook('onRoute', (route) => {
      route.errorHandler = (error, _request, reply) => {
        if (!(error instanceof AppError)) throw error;
        sendProblem(reply, error);
      };
    });
    app.addHook('onSend', async (_request, reply, payload) =>
      String(reply.getHeader('content-type') ?? '').startsWith('text/html') ? withoutFonts(payload) : payload,
    );
    await app.register(adapter.registerPlugin());
  };
}

/** The board as a server of its own. */
export async function createBoardServer(parts: BoardParts, log: Log): Promise<FastifyInstance> {
  const app = fastify({ logger: false, forceCloseConnections: true, exposeHeadRoutes: false });
  app.setErrorHandler(createErrorHandler(log));
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, new AppError('not_found', 'There is nothing here.')));
  app.get('/health', () => ({ status: 'ok' }));
  await app.register(createBoardPlugin(parts));
  return app;
}
