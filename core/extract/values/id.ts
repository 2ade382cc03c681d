/** Reference numbers: which words beside a label are the number, and how much they look like one. */
import type { Token } from '../layout/model.ts';
import { textOf } from '../layout/model.ts';

export interface IdMatch {
  readonly value: string;
  readonly tokens: readonly Token[];
  /** 0..1 */
  readonly shape: number;
}

const EDGE = /^[#:.,;*'"“”‘’()[\]<>|=\-–_/]+|[:.,;*'"“”‘’()[\]<>|=\-–_/#]+$/g;
const bare = (text: string): string => text.replace(EDGE, '');
/** A leading 00 is an international prefix only before a whole telephone number. */
const PHONE = /^\+\d{2}|^00\d{8,}|^\(?0\d{1,5}\)?[/ -]?\d{3,}[/ -]\d+$/;

/** How much a text looks like a reference: digits make it, cents and percent signs break it. */
export function idShape(text: string): number {
  if (!/\d/.test(text)) return 0;
  if (/%|€|\$|£|@|www\./.test(text) || text.length > 36) return 0;
  if (/^\d{1,3}([.,]\d{3})*[.,]\d{2}$/.test(text)) return 0.05;
  if (PHONE.test(text)) return 0.25;
  const digits = text.replace(/\D/g, '').length;
  if (/^\d+$/.test(text)) return digits === 1 ? 0.45 : digits === 2 ? 0.6 : /^(19|20)\d{2}$/.test(text) ? 0.7 : 1;
  if (!/^[\p{L}\d][\p{L}\d\-/._ &#+()]*$/u.test(text)) return 0.5;
  return digits >= 2 ? 1 : 0.7;
}

/** The number at the start of a run of words: a word with a digit, with a short capital prefix ("INV 00123") or the digit groups after it ("12 345 678"). */
export function idAt(run: readonly Token[]): IdMatch | undefined {
  const start = run.findIndex((t) => bare(t.text) !== '');
  const first = run[start];
  if (!first) return undefined;
  const text = bare(first.text);
  if (/\d/.test(text)) {
    const tokens = [first, ...digitGroups(run.slice(start + 1), first, text)];
    return match(tokens);
  }
  const second = run[start + 1];
  const close = second && second.x0 - first.x1 < (first.y1 - first.y0) * 1.4;
  if (second && close && /^\p{Lu}{1,5}$/u.test(text) && /^[-/]?\d/.test(bare(second.text)))
    return match([first, second]);
  return undefined;
}

function digitGroups(rest: readonly Token[], first: Token, text: string): Token[] {
  if (!/^\d{1,4}$/.test(text)) return [];
  const groups: Token[] = [];
  let before = first;
  for (const token of rest) {
    if (!/^\d{2,4}$/.test(bare(token.text)) || token.x0 - before.x1 > (before.y1 - before.y0) * 0.7) break;
    groups.push(token);
    before = token;
  }
  return groups;
}

function match(tokens: readonly Token[]): IdMatch {
  const value = bare(textOf(tokens)).replace(/\s+/g, ' ');
  return { value, tokens, shape: idShape(value) };
}
