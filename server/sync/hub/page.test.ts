import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { LogPage, LogRow } from '../../store/hub-store.ts';
import { createSigner } from './ed25519.ts';
import { type PrintedPage, printPage } from './page.ts';
import type { SiteSigner } from './site-signer.ts';
import { createTestDevice } from './testing-device.ts';

const own = createSigner(randomBytes(32));
const signer: SiteSigner = Object.assign(() => own, { keysOf: () => [own.publicKey] as [string] });

function pageOf(values: readonly string[], bySite: boolean): PrintedPage {
  const device = createTestDevice('site');
  for (const value of values) device.setField('inv', value, []);
  const rows = device.ops.map((op, at): LogRow => ({
    seq: at + 1,
    device: device.id,
    devSeq: at + 1,
    body: op.text,
    hash: op.hash,
    siteHash: '',
    verdict: 'accepted',
    headSig: bySite ? null : device.head(at + 1).signature,
    content: op.content,
    erasedBy: null,
  }));
  const history = { device: 'other', epoch: 1, seq: rows.length, siteHash: '', durableSeq: 0 };
  const page: LogPage = { history, rows };
  const known = { device: device.id, publicKey: device.signer.publicKey, bySite };
  const parts = { site: 'site', after: 0, signer, devices: new Map([[device.id, known]]) };
  return printPage(page, parts);
}

const headsOf = (values: readonly string[], bySite: boolean): number[] =>
  pageOf(values, bySite).end.heads.map((head) => head.dev_seq);

test('heads are chosen by the bytes that a batch has, with room for what it says beside its operations', () => {
  const third = '€'.repeat(170_000);
  expect(headsOf([third, third, third], false)).toEqual([2, 3]);
  const half = 'x'.repeat(521_500);
  expect(headsOf([half, half], false)).toEqual([1, 2]);
  // Small ones are offered together.
  expect(headsOf(['a', 'b', 'c'], false)).toEqual([3]);
});

test('the site signs its own operations as often as a batch of them can be full', () => {
  const half = 'x'.repeat(500_000);
  const heads = headsOf([half, half, half, half], true);
  expect(heads).toEqual([2, 4]);
});

test('a page is pressed once, and only for whoever wants it so; a short one never is', async () => {
  const page = pageOf(['a', 'b', 'c'], false);
  const pressed = page.pressed();
  expect(page.pressed()).toBe(pressed);
  expect(gunzipSync((await pressed) ?? '')).toEqual(page.plain);
  expect(pageOf([], false).pressed()).toBeUndefined();
});
