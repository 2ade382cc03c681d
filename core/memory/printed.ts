/** Whether a known text is printed on the pages, and where. */
import type { Context } from '../extract/candidates/context.ts';
import type { Token } from '../extract/layout/model.ts';
import { editDistance } from '../extract/layout/text.ts';
import { idKey } from './values.ts';

/** The words of a value where they are printed one after the other, over lines too; none where they are not. */
export function printed(context: Context, value: string): Token[] {
  const want = idKey(value);
  if (want.length < 3) return [];
  const keys = context.layout.tokens.map((t) => idKey(t.text));
  for (let start = 0; start < keys.length; start += 1) {
    if (keys[start] === '' || !want.startsWith(keys[start] as string)) continue;
    let text = '';
    for (let end = start; end < keys.length && text.length < want.length; end += 1) {
      text += keys[end];
      if (text === want) return context.layout.tokens.slice(start, end + 1);
      if (!want.startsWith(text)) break;
    }
  }
  return manyLines(context, value);
}

/** An address: each of its lines somewhere, one below the other. */
function manyLines(context: Context, value: string): Token[] {
  const parts = value.split('\n').filter((part) => idKey(part).length >= 3);
  if (parts.length < 2) return [];
  const found = parts.map((part) => (part.includes('\n') ? [] : printed(context, part)));
  const whole = found.filter((tokens) => tokens.length > 0);
  return whole.length === parts.length ? whole.flat() : [];
}

/** On a scan: a stretch of a line that is the text but for a letter in five. */
export function nearlyPrinted(context: Context, value: string): boolean {
  const want = idKey(value);
  const limit = Math.floor(want.length / 5);
  if (printed(context, value).length > 0) return true;
  if (limit === 0) return false;
  return context.layout.lines.some((line) => {
    const keys = line.tokens.filter((t) => t.source === 'ocr').map((t) => idKey(t.text));
    return keys.some((_, start) => {
      let text = '';
      for (const key of keys.slice(start)) {
        text += key;
        if (text.length > want.length + limit) return false;
        if (text.length >= want.length - limit && editDistance(text, want, limit) <= limit) return true;
      }
      return false;
    });
  });
}
