import { expect, test, vi } from 'vitest';
import { ZodError } from 'zod';
import { checkCaller, installHandlers, type Caller } from './ipc.ts';

const own: Caller = { sender: { id: 1 }, senderFrame: { url: 'ap://app/#/inbox', parent: null } };

function setUp(contents: () => number | undefined = () => 1) {
  const listeners = new Map<string, (event: Caller, ...args: unknown[]) => unknown>();
  const handlers = {
    openFiles: vi.fn(() => 3),
    chooseFolder: vi.fn(),
    saveFile: vi.fn(),
    openSignIn: vi.fn(),
    setMenu: vi.fn(),
  };
  installHandlers({ handle: (channel, listener) => void listeners.set(channel, listener) }, contents, handlers);
  return {
    handlers,
    call: (name: string, event: Caller, ...args: unknown[]) => listeners.get(`desktop:${name}`)!(event, ...args),
    listeners,
  };
}

test('a call from our own page arrives', () => {
  const { call, handlers, listeners } = setUp();
  expect([...listeners.keys()].length).toBeLessThan(10);
  expect(call('openFiles', own)).toBe(3);
  const bytes = new Uint8Array([1]);
  call('saveFile', own, 'export.csv', bytes);
  expect(handlers.saveFile).toHaveBeenCalledWith('export.csv', bytes);
});

test('a call from anywhere else is refused', () => {
  const others: Caller[] = [
    { sender: { id: 2 }, senderFrame: own.senderFrame },
    { sender: { id: 1 }, senderFrame: null },
    { sender: { id: 1 }, senderFrame: { url: 'https://example.com/', parent: null } },
    { sender: { id: 1 }, senderFrame: { url: 'ap://app/', parent: {} } },
  ];
  const { call, handlers } = setUp();
  for (const other of others) {
    expect(() => checkCaller(other, 1)).toThrow('own page');
    expect(() => call('openFiles', other)).toThrow('own page');
  }
  expect(handlers.openFiles).not.toHaveBeenCalled();
  expect(() => setUp(() => undefined).call('openFiles', own)).toThrow('no window');
});

test('arguments that are not as agreed are refused', () => {
  const { call, handlers } = setUp();
  for (const args of [
    [],
    ['x'],
    ['x', 'text'],
    ['', new Uint8Array()],
    ['x', new Uint8Array(), 1],
    [{ toString: () => 'x' }, new Uint8Array()],
  ])
    expect(() => call('saveFile', own, ...args)).toThrow(ZodError);
  expect(() => call('setMenu', own, [{ id: 'a', label: 'b' }])).toThrow(ZodError);
  const tooMany = Array.from({ length: 301 }, () => ({ id: 'a', label: 'b', keys: '', enabled: true }));
  expect(() => call('setMenu', own, tooMany)).toThrow(ZodError);
  expect(() => call('openFiles', own, '/etc/passwd')).toThrow(ZodError);
  expect(handlers.saveFile).not.toHaveBeenCalled();
  expect(handlers.setMenu).not.toHaveBeenCalled();
});
