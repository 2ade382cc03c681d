/** Key chords as text: `Ctrl+Shift+Enter`, `/`, `Shift+?`. `Ctrl` stands for Command on a Mac. */

export interface KeyLike {
  readonly key: string;
  readonly code?: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Keys named by what they print; letters and digits by their place where Alt would print something else. */
function keyName(event: KeyLike): string {
  if (event.key === ' ') return 'Space';
  if (event.altKey || event.ctrlKey || event.metaKey) {
    const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code ?? '');
    if (digit) return digit[1]!;
  }
  if (event.key.startsWith('Arrow')) return event.key.slice(5);
  if (event.key === 'Escape') return 'Esc';
  return event.key.length === 1 ? event.key.toUpperCase() : event.key;
}

export function chordOf(event: KeyLike): string {
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push('Ctrl');
  if (event.altKey) parts.push('Alt');
  if (event.shiftKey) parts.push('Shift');
  parts.push(keyName(event));
  return parts.join('+');
}

const MAC: Record<string, string> = { Ctrl: '⌘', Alt: '⌥', Shift: '⇧', Enter: '↩' };
const ARROWS: Record<string, string> = { Left: '←', Right: '→', Up: '↑', Down: '↓' };

/** The chord as a person reads it, key by key. `names` are the words of the language for Ctrl, Shift ... */
export function keyCaps(chord: string, mac: boolean, names: (key: string) => string): string[] {
  // A chord of the plus key itself ends in "+".
  const parts = chord === '+' ? ['+'] : chord.replace(/\+\+$/, '+Plus').split('+');
  return parts.map((part) => {
    if (mac && MAC[part]) return MAC[part];
    if (part === 'Plus') return '+';
    return ARROWS[part] ?? names(part);
  });
}
