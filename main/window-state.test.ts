import { expect, test } from 'vitest';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWindowStates, placeOnScreen } from './window-state.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const second = { x: 1920, y: 0, width: 1920, height: 1080 };
const state = { bounds: { x: 2100, y: 100, width: 1200, height: 800 }, maximized: true };

test('the window comes back where it was while that can be seen', () => {
  expect(placeOnScreen(state, [screen, second])).toEqual(state);
  expect(placeOnScreen(state, [screen])).toEqual({ bounds: { width: 1440, height: 900 }, maximized: true });
  expect(placeOnScreen(undefined, [screen]).bounds).toEqual({ width: 1440, height: 900 });
});

test('where there is no place for it the window closes all the same', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ap-'));
  writeFileSync(join(folder, 'a file'), '');
  const states = createWindowStates(join(folder, 'a file', 'window.json'));
  states.write(state);
  expect(states.read()).toBeUndefined();
});

test('kept in a file; a missing or damaged one is no error', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'ap-')), 'deep', 'window.json');
  const states = createWindowStates(file);
  expect(states.read()).toBeUndefined();
  states.write(state);
  expect(states.read()).toEqual(state);
  writeFileSync(file, '{"bounds":{"x":0');
  expect(states.read()).toBeUndefined();
  writeFileSync(file, '{"bounds":{"x":0,"y":0,"width":1,"height":1},"maximized":false}');
  expect(states.read()).toBeUndefined();
});
