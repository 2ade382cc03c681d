import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasRadosgw } from '../../e2e/site/radosgw.ts';
import { startWorkbench, type Workbench } from '../../e2e/site/s3-workbench.ts';
import { runCli } from '../cli.ts';

async function prepare(env: Record<string, string>, args: string[] = []) {
  const said = { out: '', err: '' };
  const code = await runCli(['s3-prepare', ...args], {
    env,
    cwd: '/',
    out: (text) => (said.out += text),
    say: (line) => (said.err += `${line}\n`),
    signal: new AbortController().signal,
  });
  return { code, ...said };
}

test('says which setting is missing', async () => {
  expect(await prepare({})).toMatchObject({ code: 2, out: '' });
  expect((await prepare({})).err).toContain('S3_ENDPOINT');
});

describe.runIf(hasRadosgw('the bucket that s3-prepare makes'))('on Ceph', () => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await startWorkbench();
  }, 120_000);
  afterAll(() => bench?.stop());

  test('makes the bucket, keeps versions in it, and changes nothing the second time', async () => {
    const env = {
      S3_ENDPOINT: bench.config.endpoint,
      S3_BUCKET: `site-${randomUUID()}`,
      S3_ACCESS_KEY_ID: bench.config.accessKeyId,
      S3_SECRET_ACCESS_KEY: bench.config.secretAccessKey,
    };
    const first = await prepare(env);
    expect([first.code, first.err]).toEqual([0, '']);
    expect(first.out).toContain(': made, keeps versions');
    expect((await prepare(env)).out).toContain(': is there, keeps versions');
    expect(first.out).not.toContain(bench.config.secretAccessKey);
  });
});
