/** The ways in which requests are broken. */
import { CUTS, HEADERS, RAW_BODIES, TYPES } from './hostile.ts';

export interface Pieces {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

export interface Sent {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
}

/** In what a request is made from. `at` says where, `odd` is what is put there. */
export const BREAK_PIECES: Readonly<Record<string, (pieces: Pieces, at: number, odd: unknown) => Pieces>> = {
  path: (pieces, at, odd) => ({ ...pieces, path: replaced(pieces.path, at, String(odd)) }),
  query: (pieces, at, odd) => ({ ...pieces, query: { ...replaced(pieces.query, at, odd), [`x${at % 7}`]: odd } }),
  value: (pieces, at, odd) => ({ ...pieces, body: changed(pieces.body, at, odd) }),
  whole: (pieces, _at, odd) => ({ ...pieces, body: odd }),
};

const pick = <T>(list: readonly T[], at: number): T => list[at % list.length]!;

/** In what is sent. */
export const BREAK_SENT: Readonly<Record<string, (sent: Sent, at: number) => Sent>> = {
  cut: ({ body = '{', ...sent }, at) => ({ ...sent, body: body.slice(0, at % (body.length + 1)) }),
  type: ({ body = 'a=b', ...sent }, at) => ({ ...sent, headers: { 'content-type': pick(TYPES, at) }, body }),
  raw: (sent, at) => ({ ...sent, body: pick(RAW_BODIES, at) }),
  address: ({ path, ...sent }, at) => ({ ...sent, path: pick(CUTS, at)(path, at) }),
  // One alone, and what only means something together.
  headers: ({ headers, ...sent }, at) => ({ ...sent, headers: { ...headers, ...pick(HEADERS, at) } }),
  conditions: ({ headers, ...sent }, at) => ({
    ...sent,
    headers: {
      ...headers,
      'if-match': pick(['"x"', '*', 'W/"1"', '', '"a", "b"'], at),
      'idempotency-key': 'x'.repeat(at % 300),
      range: `bytes=${at}-${at % 5}`,
    },
  }),
};

function replaced<T>(record: Readonly<Record<string, T>>, at: number, odd: T): Record<string, T> {
  const names = Object.keys(record);
  const name = names[at % Math.max(names.length, 1)];
  return name === undefined ? { ...record } : { ...record, [name]: odd };
}

/** Somewhere in it, one value is another one, is missing, or is one too many. */
function changed(body: unknown, at: number, odd: unknown): unknown {
  if (Array.isArray(body)) {
    const items = body as unknown[];
    if (items.length === 0 || at % 5 === 0) return [...items, odd];
    return items.map((one, index) => (index === at % items.length ? changed(one, Math.floor(at / 3), odd) : one));
  }
  if (typeof body !== 'object' || body === null) return odd;
  const names = Object.keys(body);
  const name = names[at % Math.max(names.length, 1)];
  if (name === undefined || at % 11 === 0) return { ...body, surprise: odd };
  const { [name]: old, ...rest } = body as Record<string, unknown>;
  return at % 4 === 0 ? rest : { ...rest, [name]: changed(old, Math.floor(at / 3), odd) };
}
