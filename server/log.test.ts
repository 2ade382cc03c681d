import { expect, test } from 'vitest';
import { AppError } from '../core/contract/errors.ts';
import { createLog } from './log.ts';

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = '';
  write(createLog({ write: (line: string) => void (text += line) }, 'debug'));
  return text;
}

test('only named fields are written', () => {
  const secret = { iban: 'DE89370400440532013000', vendorName: 'ACME', document: 'a'.repeat(64) };
  const text = logged((log) => log.info('document read', secret));
  expect(text).toContain('a'.repeat(64));
  expect(text).not.toMatch(/DE89|ACME|iban/);
});

test('a name in a field made for codes is withheld', () => {
  const text = logged((log) => log.info('x', { reason: 'Müller GmbH Rechnung.pdf' }));
  expect(text).toContain('(withheld)');
  expect(text).not.toContain('Rechnung');
});

test('an error leaves its class and frames, not its message', () => {
  const error = new AppError('invalid_value', 'bad IBAN DE89370400440532013000');
  const text = logged((log) => log.error('failed', { error: new Error('outer ACME', { cause: error }) }));
  expect(text).toContain('AppError');
  expect(text).toContain('log.test');
  expect(text).not.toMatch(/DE89|ACME/);
});
