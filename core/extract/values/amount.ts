/** Amounts and quantities as printed -> canonical decimals, in every style of writing (`1.234,56`, `1,234.56`, `1 234,56`, `1'234.56`, `(123.45)`, `123.45-`, `CR`). */
import type { Decimal } from '../../invoice/decimal.ts';
import { canonicalDecimal } from '../../invoice/decimal.ts';
import type { Line, Token } from '../layout/model.ts';
import { bounds, height } from '../layout/model.ts';
import { CURRENCY_PATTERN, currencyOf } from './currency.ts';
import { lineText } from './line-text.ts';

export type DecimalMark = '.' | ',';

export interface NumberMatch {
  readonly tokens: readonly Token[];
  /** As printed, currency and sign included. */
  readonly text: string;
  /** Digits and separators alone. */
  readonly digits: string;
  readonly negative: boolean;
  readonly currency: string | undefined;
  readonly percent: boolean;
  /** Separators were misread: "1.034.89" on a scan can only be 1,034.89. */
  readonly mended?: true;
  readonly line: number;
  readonly page: number;
}

/** The number that some digits and separators write, where `mark` decides "1.234" and "1,234". Undefined where the separators make no number. */
export function parseNumber(digits: string, mark: DecimalMark | undefined): Decimal | undefined {
  let text = digits.replace(/[\s\u00a0\u202f'’`´]/g, '');
  if (!/^\d[\d.,]*$/.test(text) && !/^[.,]\d+$/.test(text)) return undefined;
  text = text.replace(/[.,]$/, '');
  const dots = text.split('.').length - 1;
  const commas = text.split(',').length - 1;
  const decimal = decimalMarkOf(text, dots, commas, mark);
  if (decimal === undefined) return groupsFit(text) ? canonicalDecimal(text.replace(/[.,]/g, '')) : undefined;
  const cut = text.lastIndexOf(decimal);
  const whole = text.slice(0, cut);
  if (whole !== '' && !groupsFit(whole)) return undefined;
  return canonicalDecimal(`${whole.replace(/[.,]/g, '') || '0'}.${text.slice(cut + 1) || '0'}`);
}

function decimalMarkOf(
  text: string,
  dots: number,
  commas: number,
  mark: DecimalMark | undefined,
): DecimalMark | undefined {
  if (dots === 0 && commas === 0) return undefined;
  if (dots > 0 && commas > 0) {
    const last = text.lastIndexOf('.') > text.lastIndexOf(',') ? '.' : ',';
    return (last === '.' ? dots : commas) === 1 ? last : undefined;
  }
  const only: DecimalMark = dots > 0 ? '.' : ',';
  if (dots + commas > 1) return undefined;
  const tail = text.length - text.lastIndexOf(only) - 1;
  const lead = text.lastIndexOf(only);
  // Three digits after the only separator: thousands, unless the document's style or a leading zero says decimal.
  if (tail === 3 && lead <= 3 && !text.startsWith('0')) return mark === only ? only : undefined;
  return only;
}

/** Thousands in threes; also lakh grouping (6,00,000). */
const groupsFit = (whole: string): boolean =>
  /^\d+$/.test(whole) || /^\d{1,3}([.,]\d{3})+$/.test(whole) || /^\d{1,2}(,\d{2})*,\d{3}$/.test(whole);

const CUR = CURRENCY_PATTERN;
/** Groups set apart by spaces or apostrophes, then an optional fraction; or digits with dots and commas. */
const NUMBER = String.raw`(?:\d{1,3}(?:[.] \d{3},|, \d{3}\.)\d{2}(?!\d)|\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?: ?[.,] ?\d{1,4})?(?!\d)|\d[\d.,]*(?: [.,]\d{2}(?!\d)|[.,] \d{2}(?![\d.,/-]))|\d[\d.,'’]*|[.,]\d{1,4})`;
const AMOUNT = new RegExp(
  String.raw`(?<![\p{L}\d_/\\.,:#@-])(\()?([-–−+] ?)?(${CUR} ?)?([-–−] ?)?(${NUMBER})( ?-(?![\d\p{L}])|,?[-–—]{1,2}(?![\d\p{L}]))?( ?%)?( ?${CUR}(?![\p{L}\d]))?(\))?( ?(?:CR|Cr)(?![\p{L}]))?(?![\p{L}\d_/\\:@]|-\d|\.\d)`,
  'gu',
);
/** Common misreadings in amounts of scanned pages: O for 0, l or I for 1, S for $, KM or RH for RM, a colon for the decimal mark. */
const repairDigits = (text: string): string =>
  text
    .replace(/(?<=[\d.,])[Oo](?=[\d.,]|$|\s)/g, '0')
    .replace(/(?<=[\d.,])[lI|](?=[\d.,]|$|\s)/g, '1')
    .replace(/(?<![\p{L}\d])S(?=\d+[.,]\d{2}(?!\d))/gu, '$')
    .replace(/(?<![\p{L}\d])[RK][MNH](?= ?\d+[.,]\d{2}(?!\d))/gu, 'RM')
    // No clock shows 80 minutes, and none a dollar sign.
    .replace(/(?<=[$€£] ?\d{1,4}):(?=\d{2}(?!\d))|(?<=(?<![\d:])\d{1,3}):(?=[6-9]\d(?![\d:]))/g, '.');

/** One separator for thousands and cents: no country writes so, a scan reads so. */
const MISREAD = /^\d{1,3}(?:\.\d{3})+\.\d{2}$|^\d{1,3}(?:,\d{3})+,\d{2}$/;

export function findNumbers(line: Line): NumberMatch[] {
  const { text, tokens } = lineText(line);
  const source = line.tokens[0]?.source === 'ocr' ? repairDigits(text) : text;
  return [...source.matchAll(AMOUNT)].flatMap((match) => {
    const words = tokens(match.index, match.index + match[0].length);
    if (words.length === 0) return [];
    const read = match[5] ?? '';
    const mended = line.tokens[0]?.source === 'ocr' && MISREAD.test(read);
    const digits = mended ? read.replace(/[.,](?=\d{3})/g, '') : read;
    const whole: NumberMatch = {
      tokens: words,
      text: match[0].trim(),
      digits,
      negative: isNegative(match),
      currency: currencyOf(match[3] ?? '') ?? currencyOf(match[8] ?? ''),
      percent: match[7] !== undefined,
      ...(mended ? { mended: true as const } : {}),
      line: line.index,
      page: line.page,
    };
    return /\d[.,]?[ \u00a0\u202f]\d{3}/.test(digits) && tooWide(words, line) ? splitNumbers(whole) : [whole];
  });
}

function isNegative(match: RegExpExecArray): boolean {
  // Brackets round a rate are punctuation: "Sales Tax (8.25%)".
  const bracketed = match[1] !== undefined && match[9] !== undefined && match[7] === undefined;
  const signed = /[-–−]/.test((match[2] ?? '') + (match[4] ?? ''));
  const trailing = match[6] !== undefined && /^ ?-$/.test(match[6]) && /[.,]\d{2}$/.test(match[5] ?? '');
  return bracketed || signed || trailing || match[10] !== undefined;
}

/** A space within a number is as wide as one between words, give or take; in no font is it wider than this, in heights. */
const SPACE_ROOM = 1.25;
const WIDEST_SPACE = 1.1;

/** "2 100,00" is two columns where the gap is wider than a thousands space can be. */
function tooWide(words: readonly Token[], line: Line): boolean {
  const h = height(bounds(words));
  // Beside a sum's label there is no other column.
  const figures = line.tokens.filter((t) => /\d/.test(t.text) && !t.text.includes('%'));
  const lone = figures.length === words.length && /\p{L}{2}/u.test(line.tokens[0]?.text ?? '');
  // Boxes of a scan hug the digits, those of a text layer the whole line: the same space is more of the former.
  const usual = words[0]?.source === 'ocr' ? (lone ? 1.3 : 0.85) : 0.55;
  const most = Math.max(usual, Math.min(line.space * SPACE_ROOM, WIDEST_SPACE));
  return words.slice(1).some((word, i) => {
    const before = words[i];
    return (
      before !== undefined && /\d[.,]?$/.test(before.text) && /^\d/.test(word.text) && word.x0 - before.x1 > h * most
    );
  });
}

const splitNumbers = (whole: NumberMatch): NumberMatch[] =>
  whole.tokens.flatMap((token) =>
    /\d/.test(token.text)
      ? [
          {
            ...whole,
            tokens: [token],
            text: token.text,
            digits: token.text.replace(/[^\d.,']/g, '').replace(/[.,]$/, ''),
            currency: undefined,
          },
        ]
      : [],
  );

/** The document's decimal mark by what can be read in one way only: "12,50", "1.234,56", "1,234.56". */
export function decimalMark(numbers: readonly NumberMatch[]): DecimalMark | undefined {
  let dot = 0;
  let comma = 0;
  for (const { digits } of numbers) {
    const match = /([.,])(\d{1,2})$/.exec(digits.replace(/\s/g, ''));
    if (!match || match[2]?.length !== 2) continue;
    const weight = /[.,].*[.,]/.test(digits) ? 3 : 1;
    if (match[1] === '.') dot += weight;
    else comma += weight;
  }
  if (dot === comma) return undefined;
  return dot > comma ? '.' : ',';
}

/** Printed with two decimals, as money is. */
export const hasCents = (number: NumberMatch): boolean => /[.,] ?\d{2}$/.test(number.digits);

export function valueOf(number: NumberMatch, mark: DecimalMark | undefined): Decimal | undefined {
  const value = parseNumber(number.digits, mark);
  return value !== undefined && number.negative && value !== '0' ? `-${value}` : value;
}
