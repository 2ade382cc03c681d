/** What /docs says of conditions, keys and batches is what the contracts say, for a station and for a site. */
import { describe, expect, test } from 'vitest';
import { accessApi } from '../core/contract/access.ts';
import { api } from '../core/contract/http.ts';
import { openApiDocument } from './openapi.ts';

interface Said {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly responses: Readonly<
    Record<string, { readonly headers?: object; readonly content?: Readonly<Record<string, unknown>> }>
  >;
}

const { paths } = openApiDocument({ ...api, ...accessApi }, '1.2.3') as { paths: Record<string, Record<string, Said>> };
const operations = Object.fromEntries(
  Object.values(paths).flatMap((path) => Object.values(path).map((one) => [one.operationId, one])),
);
const said = (name: string): Said => operations[name] as Said;
const headersOf = (name: string) =>
  Object.fromEntries(
    said(name)
      .parameters.filter((one) => one.in === 'header')
      .map((one) => [one.name, one.required]),
  );
const codes = (name: string): string[] => Object.keys(said(name).responses);

describe('the description of the interface', () => {
  test('has every endpoint, and says of each how it refuses', () => {
    expect(Object.keys(operations).toSorted()).toEqual(Object.keys({ ...api, ...accessApi }).toSorted());
    for (const { responses } of Object.values(operations)) {
      const refusals = Object.entries(responses).filter(([code]) => code === 'default' || Number(code) >= 400);
      for (const [, { content }] of refusals) expect(Object.keys(content ?? {})).toEqual(['application/problem+json']);
      expect(responses).toHaveProperty('default');
    }
  });

  test('names the Idempotency-Key and the result of each file', () => {
    for (const name of ['upload', 'completeUploads']) {
      expect(headersOf(name)).toEqual({ 'Idempotency-Key': false });
      expect(codes(name)).toEqual(['200', '207', '409', 'default']);
      expect(said(name).responses['207']?.content).toEqual(said(name).responses['200']?.content);
    }
    expect(codes('presignUploads')).toEqual(['200', '207', 'default']);
  });

  test('names If-Match, ETag and what is answered where something else stands there', () => {
    const reads = ['getSettings', 'getUser', 'getVendor', 'getInvoice'];
    for (const name of reads) {
      expect(headersOf(name)).toEqual({ 'If-None-Match': false });
      expect(said(name).responses['200']?.headers).toHaveProperty('ETag');
      expect(codes(name)).toEqual(['200', '304', 'default']);
    }
    const changes = ['putSettings', 'forgetLessons', 'restoreLessons', 'transition', 'disableUser', 'enableUser'];
    for (const name of [...changes, 'resetSecondFactor', 'changeUser']) {
      expect(headersOf(name)).toEqual({ 'If-Match': name === 'changeUser' });
      expect(said(name).responses['200']?.headers).toHaveProperty('ETag');
      expect(codes(name)).toEqual(['200', '412', '428', 'default']);
    }
    // Corrections carry their parents: they are never refused as stale.
    expect(headersOf('correctFields')).toEqual({});
    expect(codes('correctFields')).toEqual(['200', 'default']);
  });
});
