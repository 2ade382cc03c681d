import { expect, test } from 'vitest';
import { readS3Config } from './s3-config.ts';

const KEYS = { S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'hush' };

test('no endpoint, no S3', () => {
  expect(readS3Config({})).toBeUndefined();
  expect(readS3Config({ ...KEYS, S3_ENDPOINT: '' })).toBeUndefined();
});

test('what is not said has its usual value', () => {
  expect(readS3Config({ ...KEYS, S3_ENDPOINT: 'https://s3.example.com' })).toEqual({
    endpoint: 'https://s3.example.com',
    publicEndpoint: 'https://s3.example.com',
    region: 'us-east-1',
    bucket: 'ap-intake',
    accessKeyId: 'id',
    secretAccessKey: 'hush',
    pathStyle: true,
    ca: undefined,
    presignBinding: 'payload',
  });
});

test("Amazon's endpoints have the bucket in the host and check checksums", () => {
  const config = readS3Config({
    ...KEYS,
    S3_ENDPOINT: 'https://s3.eu-central-1.amazonaws.com',
    S3_REGION: 'eu-central-1',
  });
  expect(config).toMatchObject({ pathStyle: false, presignBinding: 'checksum', region: 'eu-central-1' });
});

test('the names of a MinIO set-up work, and the newer ones win', () => {
  const minio = {
    MINIO_ENDPOINT: '127.0.0.1:9000',
    MINIO_SECURE: 'false',
    MINIO_ROOT_USER: 'u',
    MINIO_ROOT_PASSWORD: 'p',
  };
  expect(readS3Config(minio)).toMatchObject({
    endpoint: 'http://127.0.0.1:9000',
    accessKeyId: 'u',
    secretAccessKey: 'p',
  });
  expect(readS3Config({ ...minio, ...KEYS, S3_ENDPOINT: 'https://other:1' })).toMatchObject({
    endpoint: 'https://other:1',
    accessKeyId: 'id',
    secretAccessKey: 'hush',
  });
  const files = { S3_ACCESS_KEY_ID_FILE: '/run/a', S3_SECRET_ACCESS_KEY_FILE: '/run/b' };
  expect(readS3Config({ ...minio, ...files }, (path) => `of ${path}\n`)).toMatchObject({
    accessKeyId: 'of /run/a',
    secretAccessKey: 'of /run/b',
  });
});

const read = (more: Record<string, string>) => () =>
  readS3Config({ ...KEYS, S3_ENDPOINT: 'https://s3.example.com', ...more });

test('every mistake is a line, and no secret is in it', () => {
  expect(read({ S3_ENDPOINT: 'http://s3.example.com' })).toThrow('S3_ALLOW_HTTP=true');
  expect(read({ S3_ENDPOINT: 'http://s3.example.com', S3_ALLOW_HTTP: 'true' })).not.toThrow();
  expect(read({ S3_ENDPOINT: 'http://127.0.0.1:9000' })).not.toThrow();
  expect(read({ S3_ENDPOINT: 'ftp://x' })).toThrow('S3_ENDPOINT');
  expect(read({ S3_ENDPOINT: 'https://a:b@x' })).toThrow('keys have variables of their own');
  expect(read({ S3_ENDPOINT: 'https://x/bucket' })).toThrow('S3_BUCKET');
  expect(read({ S3_BUCKET: 'Not_A_Bucket' })).toThrow('S3_BUCKET');
  expect(read({ S3_FORCE_PATH_STYLE: 'maybe' })).toThrow('S3_FORCE_PATH_STYLE');
  expect(read({ S3_ACCESS_KEY_ID: '', S3_SECRET_ACCESS_KEY_FILE: '/nowhere/at/all' })).toThrow(
    /S3_ACCESS_KEY_ID: missing \(or S3_ACCESS_KEY_ID_FILE\)\nS3_SECRET_ACCESS_KEY: give it or S3_SECRET_ACCESS_KEY_FILE, not both/,
  );
  expect(read({ S3_SECRET_ACCESS_KEY: '', S3_SECRET_ACCESS_KEY_FILE: '/nowhere/at/all' })).toThrow(
    '/nowhere/at/all cannot be read',
  );
  expect(read({ S3_CA_FILE: '/nowhere/at/all' })).toThrow('S3_CA_FILE');
  expect(read({ S3_BUCKET: 'Not_A_Bucket' })).not.toThrow('hush');
});
