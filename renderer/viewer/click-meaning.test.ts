import { describe, expect, it } from 'vitest';
import { meaningOf } from './click-meaning.ts';
import type { Click } from './click-meaning.ts';

const click = (change: Partial<Click>) =>
  meaningOf({
    word: true,
    box: undefined,
    focus: 'a',
    wanting: false,
    ctrl: false,
    shift: false,
    editable: true,
    ...change,
  });

describe('meaningOf', () => {
  it('takes a word into the focused field, appends with Ctrl', () => {
    expect(click({})).toEqual({ kind: 'take', append: false });
    expect(click({ ctrl: true, box: 'b' })).toEqual({ kind: 'take', append: true });
    expect(click({ box: 'a' })).toEqual({ kind: 'take', append: false });
  });
  it('goes to the field of a box, unless the focused field wants a value', () => {
    expect(click({ box: 'b' })).toEqual({ kind: 'goto', key: 'b' });
    expect(click({ box: 'b', wanting: true })).toEqual({ kind: 'take', append: false });
    expect(click({ box: 'b', wanting: true, shift: true })).toEqual({ kind: 'goto', key: 'b' });
    expect(click({ box: 'b', focus: null })).toEqual({ kind: 'goto', key: 'b' });
  });
  it('changes nothing where nothing may be changed', () => {
    expect(click({ editable: false })).toEqual({ kind: 'none' });
    expect(click({ editable: false, box: 'b', wanting: true })).toEqual({ kind: 'goto', key: 'b' });
    expect(click({ word: false })).toEqual({ kind: 'none' });
  });
});
