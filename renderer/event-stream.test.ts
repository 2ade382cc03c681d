import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoff, createEventParser } from './event-stream.ts';

describe('createEventParser', () => {
  const stream = ': ping\n\nevent: job\ndata: {"a":1}\n\ndata: one\ndata: two\r\n\r\nid: 7\n\ndata:three\n\n';

  it('reads events, joins data lines, skips comments and events without data', () => {
    expect(createEventParser()(stream)).toEqual([
      { event: 'job', data: '{"a":1}' },
      { event: 'message', data: 'one\ntwo' },
      { event: 'message', data: 'three' },
    ]);
  });

  it('gives the same events however the stream is cut, except inside a line end', () => {
    const text = stream.replaceAll('\r', '');
    const whole = createEventParser()(text);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: text.length }), { maxLength: 8 }), (cuts) => {
        const parse = createEventParser();
        const ends = [...cuts.toSorted((a, b) => a - b), text.length];
        const got = ends.flatMap((end, i) => parse(text.slice(i === 0 ? 0 : ends[i - 1], end)));
        expect(got).toEqual(whole);
      }),
    );
  });
});

describe('backoff', () => {
  it('stays between a third below the step and 15 s', () => {
    fc.assert(
      fc.property(fc.nat({ max: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const ms = backoff(attempt, random);
        expect(ms).toBeGreaterThanOrEqual(333);
        expect(ms).toBeLessThanOrEqual(15_000);
      }),
    );
  });
});
