/** A line as one string for patterns, with the way back from characters to words. Words of a segment are parted by a space, segments by a tab. */
import type { Line, Token } from '../layout/model.ts';

export interface LineText {
  readonly text: string;
  /** Words that the characters from `start` up to `end` belong to. */
  readonly tokens: (start: number, end: number) => Token[];
}

export function lineText(line: Line): LineText {
  let text = '';
  const spans: { token: Token; start: number; end: number }[] = [];
  for (const [s, segment] of line.segments.entries()) {
    if (s > 0) text += '\t';
    for (const [i, token] of segment.tokens.entries()) {
      if (i > 0) text += ' ';
      spans.push({ token, start: text.length, end: text.length + token.text.length });
      text += token.text;
    }
  }
  return {
    text,
    tokens: (start, end) => spans.filter((span) => span.start < end && span.end > start).map((span) => span.token),
  };
}
