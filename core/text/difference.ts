/** Two texts side by side: which characters of the second are not in the first. For the eye alone; nothing is decided by it. */

export interface Part {
  readonly text: string;
  /** Not in the other text. */
  readonly differs: boolean;
}

/** A table of more cells would be felt: what lies between the common ends is then told as one difference. */
const MOST_CELLS = 250_000;

/** `text` in parts, by characters as they are printed, against `other`. */
export function differenceOf(text: string, other: string): Part[] {
  const [a, b] = [Array.from(text), Array.from(other)];
  const start = commonStart(a, b);
  const end = commonEnd(a.slice(start), b.slice(start));
  const middle = a.slice(start, a.length - end);
  const inner = changed(middle, b.slice(start, b.length - end));
  const flags = [...a.slice(0, start).map(() => false), ...inner, ...a.slice(a.length - end).map(() => false)];
  return runs(a, flags);
}

function commonStart(a: readonly string[], b: readonly string[]): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n += 1;
  return n;
}

function commonEnd(a: readonly string[], b: readonly string[]): number {
  let n = 0;
  while (n < a.length && n < b.length && a[a.length - 1 - n] === b[b.length - 1 - n]) n += 1;
  return n;
}

/** For every character of `a` whether the longest common subsequence with `b` leaves it out. */
function changed(a: readonly string[], b: readonly string[]): boolean[] {
  if (a.length * b.length > MOST_CELLS) return a.map(() => true);
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => longest[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const flags = a.map(() => true);
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      flags[i] = false;
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return flags;
}

function runs(characters: readonly string[], flags: readonly boolean[]): Part[] {
  const parts: Part[] = [];
  characters.forEach((character, i) => {
    const differs = flags[i] === true;
    const last = parts.at(-1);
    if (last?.differs === differs) parts[parts.length - 1] = { text: last.text + character, differs };
    else parts.push({ text: character, differs });
  });
  return parts;
}
