/** Bytes that no client of HTTP sends, at the door and past it: each is refused or hung up on, and the next caller is served as ever. */
import { once } from 'node:events';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import type { Around } from './around.ts';
import { assert } from '../images/report.ts';
import { expectStatus } from './http.ts';

/** A server that waits for more of a request has not fallen for it. */
const QUIET_MS = 1_000;

/** Refusals of nginx: of a method, of a way to send a body, of a version of HTTP. */
const NOT_IMPLEMENTED = new Set([501, 505]);

const HEAD = 'Host: HOST\r\nAuthorization: Bearer TOKEN\r\n';
const JSON_TYPE = 'Content-Type: application/json\r\n';
const FORM_TYPE = 'Content-Type: multipart/form-data; boundary=b\r\n';
const UPLOAD = 'POST /api/v1/invoices/upload HTTP/1.1\r\n';

const RAW: Readonly<Record<string, string>> = {
  nothing: '\r\n\r\n',
  noise: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x00\xff\r\n\r\n',
  'an old version': 'GET /health HTTP/0.9\r\n\r\n',
  'a version to come': `GET /health HTTP/3.7\r\n${HEAD}\r\n`,
  'no host': 'GET /health HTTP/1.1\r\n\r\n',
  'two hosts': `GET /health HTTP/1.1\r\nHost: a\r\n${HEAD}\r\n`,
  'a method of its own': `BREW /api/v1/status HTTP/1.1\r\n${HEAD}\r\n`,
  'a whole address': `GET http://evil.example/api/v1/status HTTP/1.1\r\n${HEAD}\r\n`,
  tunnel: `CONNECT evil.example:443 HTTP/1.1\r\n${HEAD}\r\n`,
  trace: `TRACE / HTTP/1.1\r\n${HEAD}\r\n`,
  'options of all': `OPTIONS * HTTP/1.1\r\n${HEAD}\r\n`,
  'bytes above ASCII in the address': `GET /api/v1/\xff\xfe HTTP/1.1\r\n${HEAD}\r\n`,
  'NUL in the address': `GET /api/v1/\0 HTTP/1.1\r\n${HEAD}\r\n`,
  'NUL in a header': `GET /api/v1/status HTTP/1.1\r\n${HEAD}X-A: a\0b\r\n\r\n`,
  'a folded header': `GET /api/v1/status HTTP/1.1\r\n${HEAD}X-A: a\r\n b\r\n\r\n`,
  'a blank before the colon': `GET /api/v1/status HTTP/1.1\r\n${HEAD}Content-Length : 5\r\n\r\n`,
  'lengths that differ': `POST /api/v1/exports HTTP/1.1\r\n${HEAD}${JSON_TYPE}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x`,
  'a length and pieces': `POST /api/v1/exports HTTP/1.1\r\n${HEAD}${JSON_TYPE}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'a negative length': `POST /api/v1/exports HTTP/1.1\r\n${HEAD}${JSON_TYPE}Content-Length: -1\r\n\r\n`,
  'a length without end': `POST /api/v1/exports HTTP/1.1\r\n${HEAD}${JSON_TYPE}Content-Length: 99999999999999999999\r\n\r\n{}`,
  'pieces that are none': `POST /api/v1/exports HTTP/1.1\r\n${HEAD}${JSON_TYPE}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`,
  'a piece too large': `POST /api/v1/exports HTTP/1.1\r\n${HEAD}${JSON_TYPE}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}\r\n`,
  'an encoding twice': `POST /api/v1/exports HTTP/1.1\r\n${HEAD}${JSON_TYPE}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`,
  'a body that ends early': `POST /api/v1/exports HTTP/1.1\r\n${HEAD}${JSON_TYPE}Content-Length: 500\r\n\r\n{"format":`,
  'a form that ends early': `${UPLOAD}${HEAD}${FORM_TYPE}Content-Length: 500\r\n\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n%PDF`,
  'a form that is none': `${UPLOAD}${HEAD}${FORM_TYPE}Content-Length: 5\r\n\r\nhello`,
  'a form in pieces that break off': `${UPLOAD}${HEAD}${FORM_TYPE}Transfer-Encoding: chunked\r\n\r\n5\r\n--b\r\n\r\nzz`,
  'an expectation of its own': `POST /api/v1/exports HTTP/1.1\r\n${HEAD}${JSON_TYPE}Expect: wonders\r\nContent-Length: 2\r\n\r\n{}`,
  'more than one request': `GET /health HTTP/1.1\r\n${HEAD}\r\nGET /nothing HTTP/1.1\r\n${HEAD}\r\nBROKEN\r\n\r\n`,
  'the beginning of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
};

/** Says it, and listens until the other side hangs up or says no more; the numbers of the answers. */
async function tell(socket: Socket, text: string): Promise<number[]> {
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')));
  const closed = once(socket, 'close').catch(() => undefined);
  socket.on('error', () => undefined);
  socket.setTimeout(QUIET_MS, () => socket.destroy());
  socket.write(Buffer.from(text, 'latin1'));
  await closed;
  return [...heard.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(([, status]) => Number(status));
}

/** At nginx, and straight at a replica: that one would be away for a while where it did not outlive them. */
export async function rawRequests({ site, people, ask }: Around): Promise<string> {
  const { hostname, port, host } = new URL(site.origin);
  const token = await (await people.of('admin', 'north')).token();
  const replica = site.replicas.find(({ kind }) => kind === 'api')!;
  const doors: Readonly<Record<string, () => Socket>> = {
    nginx: () => connectSecure({ host: hostname, port: Number(port), ca: site.ca, ALPNProtocols: ['http/1.1'] }),
    [replica.name]: () => connectPlain({ host: replica.address, port: site.port }),
  };
  const tries = Object.entries(doors).flatMap(([door, open]) =>
    Object.entries(RAW).map(async ([what, raw]) => {
      const statuses = await tell(open(), raw.replaceAll('HOST', host).replaceAll('TOKEN', token));
      const bad = statuses.filter((status) => status >= 500 && !NOT_IMPLEMENTED.has(status));
      return bad.length > 0 ? [`${what} at ${door}: ${bad.join(', ')}`] : [];
    }),
  );
  const wrong = (await Promise.all(tries)).flat();
  assert(wrong.length === 0, wrong.join('; '));
  await replica.metrics();
  expectStatus(await ask('/api/v1/status', { token }), 200, 'the next request');
  return `${Object.keys(RAW).length} at ${Object.keys(doors).join(' and at ')}`;
}
