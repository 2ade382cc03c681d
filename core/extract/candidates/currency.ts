/** The document's currency: named beside the totals, in a label, or by most of its amounts. */
import type { Token } from '../layout/model.ts';
import type { Scored } from '../score/scored.ts';
import { clamp } from '../score/scored.ts';
import { currencyOf } from '../values/currency.ts';
import type { Context } from './context.ts';
import { placesOf } from './places.ts';

/** Countries that pay in euro, by the letters of their tax ids and IBANs; other countries with money of their own. */
const EURO = new Set('AT BE CY DE EE ES FI FR GR EL HR IE IT LT LU LV MT NL PT SI SK'.split(' '));
const OWN: Readonly<Record<string, string>> = { CH: 'CHF', GB: 'GBP', PL: 'PLN', SE: 'SEK', DK: 'DKK', NO: 'NOK' };
/** Forms that only one country has: its companies' legal form, its tax number. */
const NATIONAL: readonly (readonly [RegExp, string])[] = [
  [/\bS[DU]N\.? ?BHD\b|\bSdn\.? ?Bhd\b/, 'MYR'],
  [/\b\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]\b|\bPvt\.? ?Ltd\b/, 'INR'],
];

/** The money of the countries whose numbers are printed: tells between signs of which a scan has misread one. */
function homeCurrencies(context: Context): Set<string> {
  const countries = [...context.vatIds, ...context.ibans].map((id) =>
    'country' in id ? id.country : id.value.slice(0, 2),
  );
  const text = context.layout.lines.map((line) => line.text).join('\n');
  return new Set([
    ...countries.flatMap((c) => (EURO.has(c) ? ['EUR'] : (OWN[c] ?? []))),
    ...NATIONAL.flatMap(([form, currency]) => (form.test(text) ? [currency] : [])),
  ]);
}

/** Currencies whose sign is a dollar, in letters. */
const DOLLARS = /^(AUD|CAD|NZD|SGD|HKD|USD|MXN)(?![A-Z])/;

/** A sign as it stands with money; within a scanned word it is a misread letter ("V1£0S"). */
const isWithMoney = (token: Token): boolean =>
  token.source === 'text' || /^[(]?[€£](\d[\d.,]*)?[)]?$|^\d[\d.,]*[€£]$/.test(token.text);
/** More digits than any sum has: a number that a misread sign stands before. */
const isLong = (text: string): boolean => text.replace(/[.,]\d{2}$/, '').replace(/\D/g, '').length > 9;

export function findCurrencies(context: Context): Scored[] {
  const found = new Map<string, { count: number; tokens: readonly Token[]; text: string }>();
  const note = (currency: string, tokens: readonly Token[], text: string, weight: number) => {
    const before = found.get(currency);
    found.set(currency, {
      count: (before?.count ?? 0) + weight,
      tokens: before?.tokens ?? tokens,
      text: before?.text ?? text,
    });
  };
  const inNumber = new Set(context.numbers.flatMap((n) => n.tokens.map((t) => t.index)));
  const inPriced = new Set(context.numbers.filter((n) => n.currency).flatMap((n) => n.tokens.map((t) => t.index)));
  for (const number of context.numbers)
    if (number.currency && !isLong(number.digits)) note(number.currency, number.tokens, number.text, 1);
  // "AUD $560.92", "$560.92 CAD": the code beside the sign says whose dollars.
  for (const number of context.numbers.filter((n) => n.text.includes('$'))) {
    const code = context.layout.lines[number.line]?.tokens.find((t) => DOLLARS.test(t.text));
    if (code) note(code.text.slice(0, 3), [code], code.text, 4);
  }
  for (const token of context.layout.tokens) {
    const bare = token.text.replace(/[()[\]:;,]/g, '');
    const currency = /^[A-Z]{3}$|^[€£]$|^RM$|^Euros?$|^EURO$/.test(bare) ? currencyOf(bare) : undefined;
    if (currency && !inNumber.has(token.index)) note(currency, [token], bare, 0.8);
    else if (/^[€£$]$|\([€£$]\)|^\(RM\)$/.test(token.text)) {
      const sign = currencyOf(token.text.replace(/[()]/g, ''));
      if (sign) note(sign, [token], token.text, 0.5);
    } else if (/\((RM|EUR|USD|GBP|CHF|MYR|SGD|€|\$|£)\)/.test(token.text)) {
      const inner = currencyOf(/\(([^)]+)\)/.exec(token.text)?.[1] ?? '');
      if (inner) note(inner, [token], token.text, 0.8);
    } else if (/[€£]/.test(token.text) && !inPriced.has(token.index) && isWithMoney(token)) {
      note(token.text.includes('€') ? 'EUR' : 'GBP', [token], token.text, 0.4);
    } else if (/\$\d/.test(token.text) && !inPriced.has(token.index)) note('USD', [token], token.text, 0.4);
  }
  const scored: Scored[] = [];
  for (const label of context.labels) {
    if (!label.kinds.has('currency')) continue;
    for (const place of placesOf(context, label).slice(0, 2)) {
      const token = place.tokens[0] as Token;
      const currency = currencyOf(token.text.replace(/[^\p{L}€$£]/gu, ''));
      if (currency)
        scored.push({
          value: currency,
          text: token.text,
          tokens: [token],
          score: 0.96,
          reasons: [`label:${label.text}`],
        });
    }
  }
  const home = homeCurrencies(context);
  for (const [currency, entry] of found)
    if (home.has(currency)) found.set(currency, { ...entry, count: entry.count + 0.6 });
  const total = [...found.values()].reduce((n, f) => n + f.count, 0);
  for (const [currency, { count, tokens, text }] of found) {
    scored.push({
      value: currency,
      text,
      tokens,
      score: clamp(0.55 + 0.4 * (count / total) - (count < 1 ? 0.1 : 0)),
      reasons: ['beside-amounts'],
    });
  }
  return scored;
}
