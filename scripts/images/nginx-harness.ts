/** The site's own nginx configuration in a real nginx, in front of replicas and a name server that a test holds in its hands. */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createSocket } from 'node:dgram';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcp } from 'node:net';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SITE } from './paths.ts';

export const nginxBinary = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx'].find((path) =>
  existsSync(path),
);

const HEADER = 12;

/** Answers every question for an A record with the addresses of now, one further each time, as Docker's own does. */
export async function startNames(addresses: () => readonly string[]) {
  const socket = createSocket('udp4');
  let turn = 0;
  socket.on('message', (query, from) => {
    let end = HEADER;
    while (query[end]! > 0) end += query[end]! + 1;
    const question = query.subarray(HEADER, end + 5);
    const isA = question.readUInt16BE(question.length - 4) === 1;
    const known = addresses();
    turn += 1;
    const list = isA ? known.map((_, index) => known[(index + turn) % known.length]!) : [];
    const head = Buffer.from(query.subarray(0, HEADER));
    head.writeUInt16BE(0x81_80, 2);
    head.writeUInt16BE(list.length, 6);
    head.fill(0, 8, HEADER);
    const answers = list.map((address) =>
      Buffer.from([0xc0, HEADER, 0, 1, 0, 1, 0, 0, 2, 0x58, 0, 4, ...address.split('.').map(Number)]),
    );
    socket.send(Buffer.concat([head, question, ...answers]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { port: socket.address().port, close: () => new Promise<void>((resolve) => socket.close(() => resolve())) };
}

export type Handler = (request: IncomingMessage, response: ServerResponse, name: string) => void;

/** A replica on an address of its own, all on one port. */
export async function startReplica(address: string, port: number, handler: Handler) {
  const server = createServer((incoming, outgoing) => handler(incoming, outgoing, address));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function freePort(): Promise<number> {
  const server = createTcp();
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/** Places and ports are the test's; nothing else of the configuration is touched. */
export async function startNginx(options: { readonly api: number; readonly internal: number; readonly names: number }) {
  const folder = mkdtempSync(join(tmpdir(), 'ap-nginx-'));
  const conf = join(folder, 'nginx');
  cpSync(join(SITE, 'nginx'), conf, { recursive: true });
  const names = ['-subj', '/CN=ap.test', '-addext', 'subjectAltName=DNS:ap.test,IP:127.0.0.1'];
  const certificate = [...names, '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', [...kind, ...certificate], { stdio: 'ignore' });
  const ports = { http: await freePort(), https: await freePort(), inner: await freePort() };
  const changes: readonly (readonly [RegExp, string])[] = [
    [/ \/tmp\//g, ` ${folder}/`],
    [/listen 8080/g, `listen ${ports.http}`],
    [/listen 8443/g, `listen ${ports.https}`],
    [/listen 8000/g, `listen ${ports.inner}`],
    [/listen 5555/g, `listen ${await freePort()}`],
    [/listen 127\.0\.0\.1:8081/g, `listen 127.0.0.1:${await freePort()}`],
    [/api:8000/g, `api:${options.api}`],
    [/api:9464/g, `api:${options.internal}`],
    [/resolver 127\.0\.0\.11 /g, `resolver 127.0.0.1:${options.names} `],
    [/\/run\/secrets\/tls_certificate/g, join(folder, 'cert.pem')],
    [/\/run\/secrets\/tls_key/g, join(folder, 'key.pem')],
    // A pipe of the test's process cannot be opened by its name.
    [/\/dev\/stdout/g, join(folder, 'access.log')],
    [/^worker_processes auto;/m, `worker_processes 1;${process.getuid?.() === 0 ? ' user root;' : ''}`],
  ];
  const files = [
    join(conf, 'nginx.conf'),
    ...readdirSync(join(conf, 'snippets')).map((name) => join(conf, 'snippets', name)),
  ];
  for (const file of files)
    writeFileSync(
      file,
      changes.reduce((text, [from, to]) => text.replace(from, to), readFileSync(file, 'utf8')),
    );
  const args = ['-c', join(conf, 'nginx.conf'), '-g', 'daemon off;'];
  const child = spawn(nginxBinary!, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (let tries = 0; !existsSync(join(folder, 'nginx.pid')); tries += 1) {
    if (child.exitCode !== null || tries > 200) throw new Error(`nginx did not start: ${log}`);
    await sleep(25);
  }
  return {
    ports,
    /** Of its certificate, as PEM. */
    ca: readFileSync(join(folder, 'cert.pem'), 'utf8'),
    accessLog: () => readFileSync(join(folder, 'access.log'), 'utf8'),
    async close() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  readonly maxVersion?: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  /** Called with each piece as it arrives. */
  readonly onData?: (text: string) => void;
}

/** One request on a connection of its own, over TLS. */
export function ask(port: number, path: string, { method = 'GET', headers = {}, body, maxVersion, onData }: Ask = {}) {
  return new Promise<Answer>((resolve, reject) => {
    // Old versions must not fail on our own side.
    const version = maxVersion && { maxVersion, minVersion: maxVersion, ciphers: 'DEFAULT:@SECLEVEL=0' };
    const tls = { rejectUnauthorized: false, ...version } as const;
    const call = request({ host: '127.0.0.1', port, path, method, headers, agent: false, ...tls }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        onData?.(chunk.toString());
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}
