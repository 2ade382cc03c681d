import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from './log.ts';
import { openLogFile } from './log-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('lines follow each other from one start to the next', () => {
  const logs = join(folder, 'own', 'logs');
  for (const event of ['first', 'second']) createLog(openLogFile(logs), 'info').info(event, { count: 1 });
  const lines = readFileSync(join(logs, 'server.log'), 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['first', 'second']);
});

test.skipIf(process.platform === 'win32')('its owner alone reads it', () => {
  createLog(openLogFile(folder), 'info').info('told');
  expect(statSync(join(folder, 'server.log')).mode & 0o777).toBe(0o600);
});

test('a large one becomes the one before', () => {
  writeFileSync(join(folder, 'server.log'), Buffer.alloc(10 * 1024 * 1024, 'x'));
  createLog(openLogFile(folder), 'info').info('new');
  expect(readFileSync(join(folder, 'server.log'), 'utf8')).toContain('new');
  expect(statSync(join(folder, 'server.1.log')).size).toBe(10 * 1024 * 1024);
});

test.skipIf(process.platform !== 'linux')('a full disk is nobody’s error who has something to tell, and ends', () => {
  symlinkSync('/dev/full', join(folder, 'server.log'));
  const file = openLogFile(folder);
  const log = createLog(file, 'info');
  expect(() => log.info('told')).not.toThrow();
  expect(() => file.flushSync()).not.toThrow();
});
