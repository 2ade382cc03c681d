import { expect, test } from 'vitest';
import { bodyOf, EVENT_TYPES, type Happened, happenings, signedText } from './event.ts';

const invoice = '0198f0a0-0000-7000-8000-000000000001';
const op = (kind: string, value: unknown) => ({
  kind,
  root: invoice,
  content: { value: JSON.stringify(value), reason: 'VENDOR GMBH said so', salt: '' },
});
const told = (...ops: ReturnType<typeof op>[]): Happened[] => happenings({ ops });

test('what a change tells: states, readings, nothing of what stands in an invoice', () => {
  const digest = 'd'.repeat(64);
  expect(
    told(
      op('document.added', { name: 'Rechnung Müller.pdf' }),
      op('invoice.created', { document: 'a'.repeat(64) }),
      op('field.set', 'VENDOR GMBH'),
      op('reading.recorded', { document: 'a'.repeat(64), engineVersion: '1', pages: 3, blob: 'b' }),
      op('transition', { from: 'received', to: 'confirmed', digest }),
      op('transition', { from: 'confirmed', to: 'approved', digest }),
      op('transition', { from: 'approved', to: 'staged', digest }),
      op('transition', { from: 'staged', to: 'exported', digest }),
    ),
  ).toEqual([
    { type: 'invoice.received', data: { invoice } },
    { type: 'invoice.read', data: { invoice, document: 'a'.repeat(64), pages: 3 } },
    { type: 'invoice.confirmed', data: { invoice, from: 'received', to: 'confirmed' } },
    { type: 'invoice.approved', data: { invoice, from: 'confirmed', to: 'approved' } },
    { type: 'invoice.exported', data: { invoice, from: 'staged', to: 'exported' } },
  ]);
  const unreadable = { reason: 'encrypted', detail: 'password of VENDOR GMBH' };
  expect(told(op('reading.recorded', { document: 'x', engineVersion: '1', pages: 0, unreadable }))).toEqual([
    { type: 'invoice.unreadable', data: { invoice, document: 'x', reason: 'encrypted' } },
  ]);
  expect(told(op('transition', { from: 'approved', to: 'received', digest }))[0]?.type).toBe('invoice.reopened');
  expect(told({ ...op('transition', {}), content: { value: null as never, reason: null as never, salt: '' } })).toEqual(
    [],
  );
});

test('every state that an invoice can be sent to by a person has its event', () => {
  for (const to of ['rejected', 'on_hold', 'info_requested', 'duplicate', 'void'])
    expect(EVENT_TYPES as readonly string[]).toContain(
      told(op('transition', { from: 'received', to, digest: '' }))[0]?.type,
    );
});

test('an export is one event, with the way to its file', () => {
  const exportBatch = {
    id: 'b1',
    number: 7,
    format: 'csv',
    invoices: ['x', 'y'],
    actor: 'user:1',
    fileName: 'Müller.csv',
    sha256: '',
    size: 1,
    createdAt: '',
  };
  const [event] = happenings({ ops: [], exportBatch });
  expect(event).toEqual({ type: 'export.created', data: { export: 'b1', number: 7, format: 'csv', invoices: 2 } });
  const whole = { id: 'e1', timestamp: '2026-01-01T00:00:00.000Z', ...event! };
  expect(JSON.parse(bodyOf(whole, 'main', 'https://ap.example.com'))).toEqual({
    id: 'e1',
    type: 'export.created',
    timestamp: '2026-01-01T00:00:00.000Z',
    site: 'main',
    data: {
      export: 'b1',
      number: 7,
      format: 'csv',
      invoices: 2,
      links: { file: 'https://ap.example.com/api/v1/exports/b1/file' },
    },
  });
  expect(signedText('e1', 12, '{}')).toBe('e1.12.{}');
});
