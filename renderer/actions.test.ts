import { describe, expect, it } from 'vitest';
import { de } from '../core/text/de.ts';
import { en } from '../core/text/en.ts';
import { actionForKey, ACTION_GROUPS, ACTIONS } from './actions.ts';
import type { Action } from './actions.ts';
import { chordOf, keyCaps } from './keys.ts';
import type { KeyLike } from './keys.ts';
import type { Station } from './station.ts';

const key = (name: string, change: Partial<KeyLike> = {}): KeyLike => ({
  key: name,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...change,
});
const nobody = {} as Station;

describe('the registry', () => {
  it('names every action once, in both languages', () => {
    expect(new Set(ACTIONS.map((a) => a.id)).size).toBe(ACTIONS.length);
    for (const { label, group } of ACTIONS) {
      expect(en[label]).toBeTruthy();
      expect(de[label]).toBeTruthy();
      expect(ACTION_GROUPS).toContain(group);
    }
  });

  it('leaves the keys alone that belong to the browser', () => {
    const taken = new Set([
      'F5',
      'F12',
      'Ctrl+R',
      'Ctrl+W',
      'Ctrl+T',
      'Ctrl+N',
      'Ctrl+C',
      'Ctrl+V',
      'Ctrl+X',
      'Ctrl+F',
    ]);
    expect(ACTIONS.flatMap((a) => a.keys).filter((chord) => taken.has(chord))).toEqual([]);
  });

  it('has no plain letter that would be swallowed while someone types', () => {
    const plain = ACTIONS.filter((a) => a.when === 'anywhere').flatMap((a) => a.keys.filter((k) => k.length === 1));
    // Digits take a candidate, only while the list of candidates is open.
    expect(plain.filter((k) => !/\d/.test(k))).toEqual([]);
  });
});

const action = (id: string, change: Partial<Action>): Action => ({
  id,
  label: 'ui.app',
  group: 'general',
  keys: ['Ctrl+Enter'],
  when: 'anywhere',
  enabled: () => true,
  run: () => undefined,
  ...change,
});

describe('actionForKey', () => {
  it('takes the first that is possible', () => {
    const list = [action('a', { enabled: () => false }), action('b', {}), action('c', {})];
    expect(actionForKey(nobody, key('Enter', { ctrlKey: true }), false, list)?.id).toBe('b');
  });

  it('leaves plain keys to the text while someone types', () => {
    const list = [action('search', { keys: ['/'], when: 'free' })];
    expect(actionForKey(nobody, key('/'), true, list)).toBeUndefined();
    expect(actionForKey(nobody, key('/'), false, list)?.id).toBe('search');
  });
});

const same = (name: string) => name;

describe('chords', () => {
  it('are told from events, whatever the keyboard prints', () => {
    expect(chordOf(key('z', { ctrlKey: true, shiftKey: true }))).toBe('Ctrl+Shift+Z');
    expect(chordOf(key('ArrowRight', { ctrlKey: true, altKey: true }))).toBe('Ctrl+Alt+Right');
    expect(chordOf(key('k', { metaKey: true }))).toBe('Ctrl+K');
    expect(chordOf(key('¡', { altKey: true, code: 'Digit1' }))).toBe('Alt+1');
    expect(chordOf(key(' ', { ctrlKey: true }))).toBe('Ctrl+Space');
    expect(chordOf(key('?', { shiftKey: true }))).toBe('Shift+?');
    expect(chordOf(key('Escape'))).toBe('Esc');
  });

  it('are shown in the words of the keyboard', () => {
    expect(keyCaps('Ctrl+Shift+Enter', false, same)).toEqual(['Ctrl', 'Shift', 'Enter']);
    expect(keyCaps('Ctrl+Shift+Z', true, same)).toEqual(['⌘', '⇧', 'Z']);
    expect(keyCaps('+', false, same)).toEqual(['+']);
    expect(keyCaps('Ctrl+Alt+Left', false, same)).toEqual(['Ctrl', 'Alt', '←']);
  });
});
