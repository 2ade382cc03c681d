/**
 * Structured logs by an allow-list: only the fields named here can be written, and none of them can hold invoice content, a name of a person or a file,
 * an IBAN or a text that was read. An error is logged by its class, its code and its stack frames, never by its message (a message may quote its input).
 */
import { pino, type DestinationStream } from 'pino';

export interface LogFields {
  readonly reqId?: string;
  readonly method?: string;
  /** The route's pattern, never the address asked for. */
  readonly route?: string;
  readonly status?: number;
  readonly ms?: number;
  readonly code?: string;
  readonly job?: string;
  readonly jobName?: string;
  readonly attempt?: number;
  readonly invoice?: string;
  readonly document?: string;
  readonly page?: number;
  readonly pages?: number;
  readonly reason?: string;
  readonly count?: number;
  readonly port?: number;
  readonly workspace?: string;
  readonly version?: string;
  readonly threads?: number;
  readonly thread?: string;
  readonly bytes?: number;
  /** Number of a site's log, and of a device's own chain. */
  readonly seq?: number;
  readonly device?: string;
  readonly devSeq?: number;
  readonly signal?: string;
  readonly error?: unknown;
}

export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

type Kind = 'string' | 'number';
const ALLOWED: Readonly<Record<Exclude<keyof LogFields, 'error'>, Kind>> = {
  reqId: 'string',
  method: 'string',
  route: 'string',
  status: 'number',
  ms: 'number',
  code: 'string',
  job: 'string',
  jobName: 'string',
  attempt: 'number',
  invoice: 'string',
  document: 'string',
  page: 'number',
  pages: 'number',
  reason: 'string',
  count: 'number',
  port: 'number',
  workspace: 'string',
  version: 'string',
  threads: 'number',
  thread: 'string',
  bytes: 'number',
  seq: 'number',
  device: 'string',
  devSeq: 'number',
  signal: 'string',
};

/** Identifiers, codes and patterns only: a value with any other character is not what its field is for. */
const SAFE = /^[A-Za-z0-9_.:/*-]{0,120}$/;

function allowed(fields: LogFields): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(ALLOWED)) {
    const value = fields[name as keyof LogFields];
    if (typeof value !== kind) continue;
    out[name] = kind === 'string' && !SAFE.test(value as string) ? '(withheld)' : value;
  }
  if (fields.error !== undefined) out['error'] = describeError(fields.error);
  return out;
}

function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const code = (error as { code?: unknown }).code;
  return {
    type: error.name,
    ...(typeof code === 'string' && SAFE.test(code) ? { code } : {}),
    frames: frames.slice(0, 12).map((line) => line.trim()),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

export function createLog(destination: DestinationStream, level: string): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  const at =
    (name: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, fields: LogFields = {}): void => {
      if (logger.isLevelEnabled(name)) logger[name](allowed(fields), event);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
