/** The ways in which requests are broken. */

/** Letters that broke programs: ends of text, other directions, halves of pairs, what a shell, SQL or HTML would read. */
const TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff\ud800',
  '\u202etxt.exe',
  '\ufeff',
  'İıſK',
  '💶'.repeat(300),
  "'; DROP TABLE invoices; --",
  '%00',
  '%',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '{{7*7}}',
  '__proto__',
  'constructor',
  '1e309',
  '-0',
  'NaN',
  '9'.repeat(400),
  'x'.repeat(20_001),
] as const;

export const ODD_VALUES: readonly unknown[] = [null, true, 0, -1, 1.5, 1e308, 2 ** 53, [], {}, [[]], ...TEXTS];

interface Pieces {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

interface Sent {
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

/** In what is sent. */
export const BREAK_SENT: Readonly<Record<string, (sent: Sent, at: number) => Sent>> = {
  cut: ({ headers, body = '{' }, at) => ({ headers, body: String(body).slice(0, at % (body.length + 1)) }),
  type: ({ body = 'a=b' }, at) => ({
    headers: { 'content-type': at % 2 === 0 ? 'text/plain' : 'application/json; charset=utf-16' },
    body,
  }),
  bytes: ({ headers }, at) => ({ headers, body: Buffer.from([0xff, 0xfe, 0x00, 0x7b, at % 256]) }),
  headers: ({ headers, body }, at) => ({
    headers: {
      ...headers,
      'if-match': ['"x"', '*', 'W/"1"', ''][at % 4] ?? '',
      'idempotency-key': 'x'.repeat(at % 300),
      range: `bytes=${at}-${at % 5}`,
    },
    body,
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
