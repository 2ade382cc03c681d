import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AccessStore } from './store/access-store.ts';
import { createSqliteAccessStore } from './store/sqlite.ts';
import { startSite, type TestSite } from './testing-site.ts';

const BURST = 12;

const folder = mkdtempSync(join(tmpdir(), 'ap-rates-'));
let site: TestSite;
let looks = 0;
beforeAll(async () => {
  const store = await createSqliteAccessStore(join(folder, 'access.db'));
  const counting: AccessStore = {
    ...store,
    record(model, ...rest) {
      if (model === 'BrowserSession') looks += 1;
      return store.record(model, ...rest);
    },
  };
  site = await startSite({ store: counting, rate: { perSecond: 0.01, burst: BURST } });
});
afterAll(async () => {
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

const statuses = async (ask: () => Promise<{ readonly status: number }>): Promise<number[]> => {
  const all: number[] = [];
  for (let at = 0; at < BURST + 8; at += 1) all.push((await ask()).status);
  return all;
};

test('what a browser asks for too much of costs no look into the database', async () => {
  const who = await site.person('reviewer');
  const browser = site.browser();
  await site.walk(browser, await browser.open('/session/sign-in?to=/docs&site=main'), who);
  const before = looks;
  const all = await statuses(() => browser.fetch('/api/v1/me'));
  expect([all[0], all.at(-1), all.filter((status) => status === 200).length <= BURST]).toEqual([200, 429, true]);
  expect(looks - before).toBeLessThanOrEqual(BURST);
  expect((await browser.fetch('/api/v1/me')).headers.get('retry-after')).toMatch(/^\d+$/);
});

test('cookies that somebody makes up are looked up so often only', async () => {
  const before = looks;
  let n = 0;
  const made = (): Promise<{ readonly status: number }> => {
    n += 1;
    return fetch(`${site.origin}/api/v1/me`, { headers: { cookie: `ap_session=${String(n).padStart(43, 'x')}` } });
  };
  const all = await statuses(made);
  expect([all[0], all.at(-1)]).toEqual([401, 429]);
  expect(looks - before).toBeLessThanOrEqual(BURST);
});
