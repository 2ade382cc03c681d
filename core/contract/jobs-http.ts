/** Endpoints on what the queue gave up. Part of `api` (http.ts). */
import { z } from 'zod';
import { JobView } from './jobs.ts';

const none = z.object({});
const get = 'GET' as const;
const post = 'POST' as const;

export const jobsApi = {
  /** Jobs that were given up, the youngest first. */
  listDeadJobs: {
    method: get,
    path: '/api/v1/jobs/dead',
    params: none,
    query: z.object({
      cursor: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    body: null,
    reply: z.object({ items: z.array(JobView), next: z.string().nullable() }),
  },
  /** 404 where it is not given up (any more); `superseded`: another job does the same work already. */
  replayJob: {
    method: post,
    path: '/api/v1/jobs/:id/replay',
    params: z.object({ id: z.uuid() }),
    query: none,
    body: z.object({}),
    reply: z.object({ state: z.enum(['waiting', 'superseded']) }),
  },
  /** All of them, once. */
  replayDeadJobs: {
    method: post,
    path: '/api/v1/jobs/dead/replay',
    params: none,
    query: none,
    body: z.object({}),
    reply: z.object({ replayed: z.int(), superseded: z.int() }),
  },
  /** One, those given up before an instant, or all; their documents and invoices stay. */
  purgeDeadJobs: {
    method: post,
    path: '/api/v1/jobs/dead/purge',
    params: none,
    query: none,
    body: z.object({ id: z.uuid().optional(), before: z.iso.datetime().optional() }),
    reply: z.object({ purged: z.int() }),
  },
} as const;
