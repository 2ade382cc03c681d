/** Environment -> configuration. `start.ts` hands its environment in; nothing else reads it. */
import { z } from 'zod';
import { resolve } from 'node:path';

const Token = z.string().regex(/^[A-Za-z0-9_-]{43,128}$/, 'a token of 32 random bytes as base64url');
const Port = z.coerce.number().int().min(0).max(65_535);
const JsonPaths = z.string().transform((text, context) => {
  try {
    return z.array(z.string()).parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: 'custom', message: 'a JSON list of paths, e.g. ["/home/me/invoice.pdf"]' });
    return z.NEVER;
  }
});

const Environment = z.object({
  /** Root of the data folders; `<AP_DATA>/own` and `<AP_DATA>/demo` are the workspaces. */
  AP_DATA: z.string().min(1),
  AP_WORKSPACE: z.enum(['demo', 'own']).default('own'),
  /** Loopback port, 0 for any free one. Ignored where AP_SOCKET is given. */
  AP_PORT: Port.default(0),
  /** Path of a Unix socket or name of a Windows pipe: no TCP port is opened. */
  AP_SOCKET: z.string().min(1).optional(),
  /** Bearer token; made at start where it is missing and the transport is TCP. */
  AP_TOKEN: Token.optional(),
  /** Folder of the built user interface. */
  AP_UI: z.string().min(1).optional(),
  AP_IMPORT: JsonPaths.optional(),
  /** Entry of the worker threads. */
  AP_WORKER_FILE: z.string().min(1).optional(),
  /** Threads for reading; by default as pool-size.ts says. */
  AP_THREADS: z.coerce.number().int().min(1).max(64).optional(),
  /** Hosts of sites that may be spoken to without TLS, with commas: `ap.intranet:8080`. This machine itself always may. */
  AP_PLAIN_SITES: z.string().optional(),
  /** `parent`: whoever started this process seals secrets with the key store of the system. */
  AP_KEY_STORE: z.enum(['parent']).optional(),
  AP_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

export type Transport =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly port: number };

export interface Config {
  readonly data: string;
  readonly workspace: 'demo' | 'own';
  readonly transport: Transport;
  readonly token: string | undefined;
  readonly ui: string | undefined;
  readonly imports: readonly string[];
  readonly workerFile: string | undefined;
  readonly threads: number | undefined;
  readonly plainSites: readonly string[];
  readonly keyStore: 'parent' | undefined;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** Throws with one line a wrong variable. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  // An empty variable means "not given": shells and service files cannot unset.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The environment is not valid:\n${lines.join('\n')}`);
  }
  const env = parsed.data;
  return {
    data: resolve(env.AP_DATA),
    workspace: env.AP_WORKSPACE,
    transport:
      env.AP_SOCKET === undefined ? { kind: 'tcp', port: env.AP_PORT } : { kind: 'socket', path: env.AP_SOCKET },
    token: env.AP_TOKEN,
    ui: env.AP_UI === undefined ? undefined : resolve(env.AP_UI),
    imports: env.AP_IMPORT ?? [],
    workerFile: env.AP_WORKER_FILE === undefined ? undefined : resolve(env.AP_WORKER_FILE),
    threads: env.AP_THREADS,
    plainSites: (env.AP_PLAIN_SITES ?? '').split(',').flatMap((host) => host.trim() || []),
    keyStore: env.AP_KEY_STORE,
    logLevel: env.AP_LOG_LEVEL,
  };
}
