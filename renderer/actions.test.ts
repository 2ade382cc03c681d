import { describe, expect, it, vi } from 'vitest';
import { de } from '../core/text/de.ts';
import { en } from '../core/text/en.ts';
import { actionForKey, ACTION_GROUPS, ACTIONS, installKeyboard } from './actions.ts';
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

describe('the keyboard', () => {
  it('decides once, however long the key is held; what only moves goes on moving', () => {
    for (const name of ['Element', 'HTMLTextAreaElement', 'HTMLSelectElement', 'HTMLInputElement', 'HTMLButtonElement'])
      vi.stubGlobal(name, Map);
    vi.stubGlobal('document', { activeElement: null });
    const did: string[] = [];
    const station = {
      app: { getState: () => ({ overlay: { kind: 'none' }, route: { screen: 'duplicates' }, status: null }) },
      duplicates: {
        getState: () => ({ undo: [], active: 'a', gone: false, compared: { key: 'a', left: { state: 'received' } } }),
        activePair: () => ({ link: null }),
        merge: () => did.push('merge'),
        move: () => did.push('move'),
      },
      review: { getState: () => ({ undo: [], redo: [] }) },
    } as unknown as Station;
    const listeners: ((event: unknown) => void)[] = [];
    const target = {
      addEventListener: (_type: string, listener: (event: unknown) => void) => listeners.push(listener),
    };
    installKeyboard(station, target as unknown as Window);
    const press = (name: string, repeat: boolean) =>
      listeners[0]?.({ ...key(name), repeat, preventDefault: () => did.push('taken') });
    press('m', false);
    press('m', true);
    press('j', false);
    press('j', true);
    vi.unstubAllGlobals();
    expect(did).toEqual(['taken', 'merge', 'taken', 'taken', 'move', 'taken', 'move']);
  });

  it('takes as decisions what goes on to something else by itself', () => {
    const once = ACTIONS.filter((one) => one.once).map(({ id }) => id);
    expect(once).toEqual(
      expect.arrayContaining(['conflict.takeCandidate1', 'duplicate.merge', 'review.confirm', 'field.candidate1']),
    );
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
