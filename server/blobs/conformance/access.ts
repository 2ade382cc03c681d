/** Checks of who may do what: wrong bytes, wrong signatures, no signature, presigned addresses beyond what they were made for. */
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { type Check, demand, hashOf, openAddress, plain, refused, sample, type Trial } from './check.ts';

const isRefusal = (status: number): boolean => status >= 400 && status < 500;

/** Puts with the given header set behind the SDK's back. */
async function putWith(trial: Trial, name: string, header: string, value: string): Promise<void> {
  const command = new PutObjectCommand({ Bucket: trial.Bucket, Key: trial.key(name), Body: sample(2_000) });
  command.middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers[header] = value;
      return next(args);
    },
    { step: 'build', name: 'header' },
  );
  await trial.client.send(command);
}

const foreign = (algorithm: 'sha256' | 'md5'): Buffer => hashOf(algorithm, Buffer.from('other bytes'));

/** Bytes under a hash of others have to be refused. `said`: the header in words. */
const refusesOthers =
  (name: string, header: string, hash: string, said = header): Check['run'] =>
  (trial) =>
    refused(putWith(trial, name, header, hash), `other bytes than ${said} says were taken`);

const tls: Check = {
  name: 'tls',
  need: 'wanted',
  without:
    'Documents and the names of keys cross the network readable; only inside a network of one machine or container set.',
  async run({ config }) {
    demand(config.endpoint.startsWith('https:'), 'the address begins with http:');
  },
};

const payload: Check = {
  name: 'wrong payload hash refused',
  need: 'needed',
  without: 'Bytes that are damaged on their way would be kept.',
  run: refusesOthers('wrong-hash', 'x-amz-content-sha256', foreign('sha256').toString('hex'), 'the signed hash'),
};

const md5: Check = {
  name: 'wrong md5 refused',
  need: 'wanted',
  without: 'Presigned uploads cannot be bound by Content-MD5; wrong bytes are found when they are adopted.',
  run: refusesOthers('wrong-md5', 'content-md5', foreign('md5').toString('base64'), 'Content-MD5'),
};

const checksum: Check = {
  name: 'wrong checksum refused',
  need: 'wanted',
  without: 'x-amz-checksum-sha256 is ignored: uploads are proved by the payload hash and when they are adopted.',
  run: refusesOthers('wrong-checksum', 'x-amz-checksum-sha256', foreign('sha256').toString('base64')),
};

const signature: Check = {
  name: 'bad signature refused',
  need: 'needed',
  without: 'Anybody who reaches the store reads and writes documents.',
  async run(trial) {
    const at = { Bucket: trial.Bucket, Key: trial.key('secret') };
    await trial.client.send(new PutObjectCommand({ ...at, Body: sample(10) }));
    await refused(trial.wrongSecret.send(new GetObjectCommand(at)), 'a wrong secret reads objects');
    await refused(
      trial.wrongSecret.send(new PutObjectCommand({ ...at, Body: sample(10) })),
      'a wrong secret writes objects',
    );
  },
};

const anonymous: Check = {
  name: 'anonymous refused',
  need: 'needed',
  without: 'Anybody who reaches the store reads or writes documents without a key.',
  async run(trial) {
    const Key = trial.key('private');
    await trial.client.send(new PutObjectCommand({ Bucket: trial.Bucket, Key, Body: sample(10) }));
    for (const [method, path] of [
      ['GET', Key],
      ['PUT', Key],
      ['GET', ''],
      ['DELETE', Key],
    ] as const) {
      const body = method === 'PUT' ? { body: sample(10) } : {};
      const status = await plain(trial, openAddress(trial, path), { method, ...body });
      demand(
        isRefusal(status),
        `${method} of ${path === '' ? 'the list' : 'an object'} without a key gives status ${status}`,
      );
    }
  },
};

interface Bound {
  readonly size: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly expiresSeconds?: number;
  readonly at?: Date;
}

const presigned = (trial: Trial, name: string, { size, headers = {}, expiresSeconds = 60, at = new Date() }: Bound) =>
  trial.presign({
    method: 'PUT',
    key: trial.key(name),
    headers: { ...headers, 'content-length': String(size) },
    expiresSeconds,
    at,
  });

const presign: Check = {
  name: 'presigned put',
  need: 'needed',
  without: 'Every upload has to pass through the server.',
  async run(trial) {
    const body = sample(1_000);
    const url = await presigned(trial, 'presigned', { size: body.length });
    const status = await plain(trial, url, { method: 'PUT', body });
    demand(status === 200, `status ${status}`);
    const other = await plain(trial, url.replace('presigned?', 'other?'), { method: 'PUT', body });
    demand(isRefusal(other), `the same signature for another key gives status ${other}`);
  },
};

const expired: Check = {
  name: 'expired presigned put refused',
  need: 'needed',
  without: 'An address that leaked lets its finder write for ever.',
  async run(trial) {
    const at = new Date(Date.now() - 120_000);
    const body = sample(100);
    const url = await presigned(trial, 'expired', { size: body.length, at });
    const status = await plain(trial, url, { method: 'PUT', body });
    demand(isRefusal(status), `status ${status} a minute after its time`);
  },
};

const length: Check = {
  name: 'presigned length binds',
  need: 'wanted',
  without: 'The holder of an address can send more than announced; it is found, and removed, when it is adopted.',
  async run(trial) {
    const url = await presigned(trial, 'length', { size: 1_000 });
    const status = await plain(trial, url, { method: 'PUT', body: sample(1_001) });
    demand(isRefusal(status), `a byte more than signed gives status ${status}`);
  },
};

/** True: these bytes alone are taken. A text says why not. */
async function binds(
  trial: Trial,
  name: string,
  headersOf: (bytes: Buffer) => Record<string, string>,
): Promise<true | string> {
  const bytes = sample(1_000);
  const headers = headersOf(bytes);
  const url = await presigned(trial, name, { size: bytes.length, headers });
  const wrong = await plain(trial, url, { method: 'PUT', headers, body: sample(1_000) });
  if (!isRefusal(wrong)) return `other bytes of the same length give status ${wrong}`;
  const right = await plain(trial, url, { method: 'PUT', headers, body: bytes });
  return right === 200 ? true : `the right bytes give status ${right}`;
}

const sum = (bytes: Buffer): string => hashOf('sha256', bytes).toString('base64');

const binding: Check = {
  name: 'presigned bytes bind',
  need: 'wanted',
  without:
    'The holder of an address can send other bytes of the same length; it is found, and they are removed, when they are adopted.',
  async run(trial) {
    const byPayload = await binds(trial, 'by-payload', (bytes) => ({
      'x-amz-checksum-sha256': sum(bytes),
      'x-amz-content-sha256': hashOf('sha256', bytes).toString('hex'),
    }));
    const byChecksum = await binds(trial, 'by-checksum', (bytes) => ({ 'x-amz-checksum-sha256': sum(bytes) }));
    const works = [byPayload === true ? 'payload' : '', byChecksum === true ? 'checksum' : ''].filter(
      (one) => one !== '',
    );
    demand(works.length > 0, `payload: ${byPayload}; checksum: ${byChecksum}`);
    const { presignBinding } = trial.config;
    demand(
      works.includes(presignBinding),
      `set S3_PRESIGN_BINDING=${works[0]}: "${presignBinding}" does not work here`,
    );
    return `by ${works.join(' and ')}`;
  },
};

export const ACCESS_CHECKS: readonly Check[] = [
  tls,
  payload,
  md5,
  checksum,
  signature,
  anonymous,
  presign,
  expired,
  length,
  binding,
];
