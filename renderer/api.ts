/** The only caller of `fetch`: a client derived from the contract, replies parsed, refusals as `ApiError`. */
import type { z } from 'zod';
import { accessApi } from '../core/contract/access.ts';
import type { AccessApi } from '../core/contract/access.ts';
import type { ErrorCode } from '../core/contract/errors.ts';
import { api as workApi, Problem, StationEvent } from '../core/contract/http.ts';
import type { Api as WorkApi } from '../core/contract/http.ts';
import { siteLinkApi } from '../core/contract/site-link-http.ts';
import type { SiteLinkApi } from '../core/contract/site-link-http.ts';
import { stationSyncApi } from '../core/contract/station-sync-http.ts';
import { leaseApi, parcelApi, togetherApi } from '../core/contract/together-http.ts';
import { backoff, createEventParser } from './event-stream.ts';

/** `offline`: no answer came at all; the request may be repeated. */
export class ApiError extends Error {
  readonly code: ErrorCode | 'offline';
  readonly details: Record<string, unknown>;
  constructor(code: ErrorCode | 'offline', message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.details = details;
  }
}

/** No answer, which says nothing about the request: it may be sent again. */
export const isAway = (error: unknown): boolean =>
  error instanceof ApiError && (error.code === 'offline' || error.code === 'unavailable');

const api = {
  ...workApi,
  ...accessApi,
  ...siteLinkApi,
  ...stationSyncApi,
  ...togetherApi,
  ...leaseApi,
  ...parcelApi,
} as const;
type Api = WorkApi &
  AccessApi &
  SiteLinkApi &
  typeof stationSyncApi &
  typeof togetherApi &
  typeof leaseApi &
  typeof parcelApi;
type EndpointName = keyof Api;

type JsonName = {
  [K in EndpointName]: Api[K]['reply'] extends z.ZodType ? (Api[K]['body'] extends 'multipart' ? never : K) : never;
}[EndpointName];
type BytesName = { [K in EndpointName]: Api[K]['reply'] extends 'bytes' ? K : never }[EndpointName];
/** An endpoint part that may be empty may be left out. */
type Given<Name extends 'params' | 'query' | 'body', S> = S extends z.ZodType
  ? Record<string, never> extends z.input<S>
    ? { [N in Name]?: z.input<S> }
    : { [N in Name]: z.input<S> }
  : unknown;
type Args<K extends EndpointName> = Given<'params', Api[K]['params']> &
  Given<'query', Api[K]['query']> &
  Given<'body', Api[K]['body']> & {
    /** The tag of what was seen (`tagOf`): a change of anything else is refused. */
    readonly ifMatch?: string | undefined;
  };
type Reply<K extends EndpointName> = Api[K]['reply'] extends z.ZodType ? z.output<Api[K]['reply']> : never;

export type ConnectionState = 'connecting' | 'online' | 'offline';

export type Client = {
  readonly [K in JsonName]: (args: Args<K>, signal?: AbortSignal) => Promise<Reply<K>>;
} & {
  readonly [K in BytesName]: (args: Args<K>, signal?: AbortSignal) => Promise<Blob>;
} & {
  readonly upload: (files: readonly File[], idempotencyKey: string) => Promise<z.output<Api['upload']['reply']>>;
  /** Follows the station's events until `stop`; reconnects for ever. `retry` cuts a waiting time short. */
  readonly events: (
    onEvent: (event: StationEvent) => void,
    onState: (state: ConnectionState) => void,
  ) => { stop(): void; retry(): void };
  /** A file of the program itself (font data for the page viewer). */
  readonly asset: (url: string) => Promise<Uint8Array>;
  /** The ETag that a reply came with. */
  readonly tagOf: (reply: object) => string | undefined;
  /** Hears of every refusal before the caller does: a sign-in that has ended concerns the whole window. */
  readonly onRefusal: (listen: (error: ApiError) => void) => () => void;
};

interface Loose {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
  ifMatch?: string | undefined;
}

function urlOf(name: EndpointName, args: Loose): string {
  const path = api[name].path.replaceAll(/:(\w+)/g, (_, key: string) => encodeURIComponent(String(args.params?.[key])));
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(args.query ?? {})) {
    if (value === undefined || value === null) continue;
    for (const one of Array.isArray(value) ? value : [value]) query.append(key, String(one));
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** Something else stands there than what was seen. */
export const isStale = (error: unknown): boolean =>
  error instanceof ApiError && (['stale', 'precondition_failed'] as readonly string[]).includes(error.code);

async function refusal(response: Response): Promise<ApiError> {
  const problem = Problem.safeParse(await response.json().catch(() => null));
  if (problem.success) return new ApiError(problem.data.code, problem.data.detail, problem.data.details);
  // A proxy's own error page, or a server that is going down.
  if (response.status === 401) return new ApiError('unauthorized', response.statusText);
  return new ApiError(response.status >= 500 ? 'unavailable' : 'bad_request', `HTTP ${response.status}`);
}

export function createClient(token: string | null, fetcher: typeof fetch = fetch.bind(globalThis)): Client {
  const tags = new WeakMap<object, string>();
  const listeners = new Set<(error: ApiError) => void>();

  async function send(name: EndpointName, args: Loose, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (token !== null) headers.set('Authorization', `Bearer ${token}`);
    if (args.ifMatch !== undefined) headers.set('If-Match', args.ifMatch);
    let body = init.body ?? null;
    if (args.body !== undefined) {
      headers.set('Content-Type', 'application/json');
      body = JSON.stringify(args.body);
    }
    let response: Response;
    try {
      response = await fetcher(urlOf(name, args), { ...init, method: api[name].method, headers, body });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw new ApiError('offline', error instanceof Error ? error.message : String(error));
    }
    if (response.ok) return response;
    const error = await refusal(response);
    for (const listen of listeners) listen(error);
    throw error;
  }

  const json =
    (name: EndpointName, schema: z.ZodType) =>
    async (args: Loose, signal?: AbortSignal): Promise<unknown> => {
      // Said while the page goes, too.
      const keepalive = name === 'leaveDesk';
      const response = await send(name, args, { keepalive, ...(signal ? { signal } : {}) });
      const reply = schema.parse(await response.json());
      const tag = response.headers.get('etag');
      if (tag !== null && typeof reply === 'object' && reply !== null) tags.set(reply, tag);
      return reply;
    };
  const bytes =
    (name: EndpointName) =>
    async (args: Loose, signal?: AbortSignal): Promise<Blob> =>
      (await send(name, args, signal ? { signal } : {})).blob();

  const methods: Record<string, unknown> = {};
  for (const name of Object.keys(api) as EndpointName[]) {
    const { reply } = api[name];
    if (reply === 'bytes') methods[name] = bytes(name);
    else if (reply !== 'events') methods[name] = json(name, reply);
  }
  methods['upload'] = async (files: readonly File[], key: string) => {
    const form = new FormData();
    for (const file of files) form.append('file', file, file.name);
    const response = await send('upload', {}, { body: form, headers: { 'Idempotency-Key': key } });
    return api.upload.reply.parse(await response.json());
  };
  methods['asset'] = async (url: string) => {
    const response = await fetcher(url);
    if (!response.ok) throw new ApiError('not_found', `${url}: HTTP ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
  methods['tagOf'] = (reply: object) => tags.get(reply);
  methods['onRefusal'] = (listen: (error: ApiError) => void) => {
    listeners.add(listen);
    return () => void listeners.delete(listen);
  };
  methods['events'] = (onEvent: (event: StationEvent) => void, onState: (state: ConnectionState) => void) =>
    followEvents(
      (signal) => send('events', {}, { signal, headers: { Accept: 'text/event-stream' } }),
      onEvent,
      onState,
    );
  return methods as unknown as Client;
}

/** The server says hello every 15 s: silence for longer than this means that the connection is dead. */
const SILENCE_MS = 40_000;

function followEvents(
  open: (signal: AbortSignal) => Promise<Response>,
  onEvent: (event: StationEvent) => void,
  onState: (state: ConnectionState) => void,
): { stop(): void; retry(): void } {
  const state = { stopped: false };
  let attempt = 0;
  let wake: (() => void) | undefined;
  let current: AbortController | undefined;

  async function once(): Promise<void> {
    const controller = (current = new AbortController());
    const silent = () => controller.abort();
    let watchdog = setTimeout(silent, SILENCE_MS);
    try {
      const response = await open(controller.signal);
      const parse = createEventParser();
      const decoder = new TextDecoder();
      attempt = 0;
      onState('online');
      const reader = response.body!.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        clearTimeout(watchdog);
        watchdog = setTimeout(silent, SILENCE_MS);
        for (const { data } of parse(decoder.decode(value, { stream: true }))) {
          const event = StationEvent.safeParse(JSON.parse(data));
          // An event of a newer server that this page does not know is no error.
          if (event.success) onEvent(event.data);
        }
      }
    } finally {
      clearTimeout(watchdog);
      controller.abort();
    }
  }

  async function loop(): Promise<void> {
    while (!state.stopped) {
      try {
        await once();
      } catch {
        // Every reason ends the same way: say so, wait, connect again.
      }
      if (state.stopped) return;
      onState('offline');
      const ms = backoff(attempt++, Math.random());
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  void loop();
  return {
    stop() {
      state.stopped = true;
      current?.abort();
      wake?.();
    },
    retry() {
      wake?.();
    },
  };
}

const TOKEN_KEY = 'ap.token';

interface TokenPlaces {
  readonly location: Pick<Location, 'hash' | 'pathname' | 'search'>;
  readonly history: Pick<History, 'replaceState'>;
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
}

/** The token comes in the URL's fragment (never sent to a server, never kept in history) and stays for this tab only. */
export function takeToken({ location, history, storage }: TokenPlaces): string | null {
  const match = /^#(?:.*[&?])?token=([^&]+)(?:&(.*))?$/.exec(location.hash);
  if (!match) return storage.getItem(TOKEN_KEY);
  const token = decodeURIComponent(match[1]!);
  storage.setItem(TOKEN_KEY, token);
  const rest = match[2] ?? '';
  history.replaceState(null, '', `${location.pathname}${location.search}${rest === '' ? '' : `#${rest}`}`);
  return token;
}
