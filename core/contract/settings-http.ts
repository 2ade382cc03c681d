/** Endpoints of the settings; leaving the demo is one of them. */
import { z } from 'zod';
import { Settings } from './settings.ts';

const get = 'GET' as const;
const post = 'POST' as const;
const none = z.object({});

export const settingsApi = {
  getSettings: {
    method: get,
    path: '/api/v1/settings',
    params: none,
    query: none,
    body: null,
    reply: Settings,
    tagged: true,
  },
  /** With If-Match only over the settings that were seen. */
  putSettings: {
    method: 'PUT' as const,
    path: '/api/v1/settings',
    params: none,
    query: none,
    body: Settings,
    reply: Settings,
    tagged: true,
    ifMatch: 'may' as const,
  },
  /** Leaves the demo workspace: the station restarts on the user's own data folder. */
  startOwnWorkspace: {
    method: post,
    path: '/api/v1/workspace/own',
    params: none,
    query: none,
    body: z.object({}),
    reply: z.object({ restarting: z.boolean() }),
  },
} as const;
