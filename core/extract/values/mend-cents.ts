/**
 * Decimal marks that a scan lost: "1740" or "17 40" in a column of amounts that all have cents can only be 17.40. The column is told by its right edge.
 * A sign read as a digit ("58.20" for "$8.20") is set right only where the same amount is printed with its sign.
 */
import type { Layout, Token } from '../layout/model.ts';
import { height } from '../layout/model.ts';
import type { DecimalMark, NumberMatch } from './amount.ts';
import { hasCents } from './amount.ts';

/** Amounts with cents that make a column. */
const LEAST = 2;
/** Right edges of one column differ by less than this, in heights of its digits. */
const ALIGNED = 0.6;
/** The column reaches this far beyond the amounts that are read well, in heights. */
const BEYOND = 6;

const first = (n: NumberMatch): Token => n.tokens[0] as Token;
const last = (n: NumberMatch): Token => n.tokens.at(-1) as Token;

function isInColumn(number: NumberMatch, sound: readonly NumberMatch[]): boolean {
  const token = last(number);
  const h = height(token);
  const column = sound.filter(
    (n) => n.page === number.page && n.line !== number.line && Math.abs(last(n).x1 - token.x1) < h * ALIGNED,
  );
  const ys = column.map((n) => last(n).y0);
  return column.length >= LEAST && token.y0 > Math.min(...ys) - h * BEYOND && token.y0 < Math.max(...ys) + h * BEYOND;
}

/** "20 00": two whole numbers side by side, the second of two digits. */
function isPair(left: NumberMatch, right: NumberMatch | undefined): right is NumberMatch {
  if (!right || left.line !== right.line || !/^(\d|[1-9]\d{1,3})$/.test(left.digits) || !/^\d{2}$/.test(right.digits))
    return false;
  const gap = first(right).x0 - last(left).x1;
  return !right.percent && !left.percent && gap >= 0 && gap < height(first(right)) * 1.3;
}

const mended = (number: NumberMatch, digits: string, tokens = number.tokens): NumberMatch => ({
  ...number,
  digits,
  tokens,
  text: tokens.map((t) => t.text).join(' '),
  mended: true,
});

/** Amounts printed with a sign, without it. */
const signed = (numbers: readonly NumberMatch[]): Set<string> =>
  new Set(numbers.filter((n) => /^[$€£]/.test(n.text) && hasCents(n)).map((n) => n.digits));

export function mendCents(
  numbers: readonly NumberMatch[],
  layout: Layout,
  mark: DecimalMark | undefined,
): readonly NumberMatch[] {
  const scanned = new Set(layout.pages.filter((p) => p.source === 'ocr').map((p) => p.page));
  if (scanned.size === 0 || mark === undefined) return numbers;
  const sound = numbers.filter((n) => scanned.has(n.page) && hasCents(n) && !n.percent);
  const signs = signed(numbers);
  const out: NumberMatch[] = [];
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] as NumberMatch;
    const next = numbers[i + 1];
    const bare = number.digits.slice(1);
    if (!scanned.has(number.page)) out.push(number);
    else if (isPair(number, next) && isInColumn(next, sound)) {
      out.push(mended(number, `${number.digits}${mark}${next.digits}`, [...number.tokens, ...next.tokens]));
      i += 1;
    } else if (/^\d{3,6}$/.test(number.digits) && !number.percent && isInColumn(number, sound)) {
      out.push(mended(number, `${number.digits.slice(0, -2)}${mark}${number.digits.slice(-2)}`));
    } else if (signs.size > 0 && number.currency === undefined && /^[58]/.test(number.digits) && signs.has(bare)) {
      out.push(mended(number, bare));
    } else out.push(number);
  }
  return out;
}
