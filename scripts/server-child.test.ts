import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChild } from './server-child.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'ap-child-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function goneSoon(pid: number): Promise<boolean> {
  for (let looks = 0; looks < 100; looks += 1) {
    if (!lives(pid)) return true;
    await sleep(50);
  }
  return false;
}

/** Writes its pid into the data folder, and never says that it is ready. */
function mute(): string {
  const entry = join(folder, 'mute.mjs');
  writeFileSync(
    entry,
    "import { writeFileSync } from 'node:fs'; writeFileSync(process.env.AP_DATA + '/pid', String(process.pid)); setInterval(() => {}, 1000);",
  );
  return entry;
}

test('a server that does not start in time is killed', async () => {
  await expect(startChild({ data: folder, entry: mute(), startWithinMs: 1_500 })).rejects.toThrow('did not start');
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
  expect(await goneSoon(pid)).toBe(true);
});

test.skipIf(process.platform === 'win32')('so is one under another program, which need not take it along', async () => {
  rmSync(join(folder, 'pid'), { force: true });
  const under = ['sh', '-c', '"$@" & wait', 'sh'];
  await expect(startChild({ data: folder, entry: mute(), startWithinMs: 1_500, under })).rejects.toThrow(
    'did not start',
  );
  expect(existsSync(join(folder, 'pid'))).toBe(true);
  expect(await goneSoon(Number(readFileSync(join(folder, 'pid'), 'utf8')))).toBe(true);
});

test('a program that is not there is said, and ends nothing else', async () => {
  await expect(startChild({ data: folder, under: [join(folder, 'no-such-program')] })).rejects.toThrow('ENOENT');
});
