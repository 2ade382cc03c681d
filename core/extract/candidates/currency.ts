/** The document's currency: named beside the totals, in a label, or by most of its amounts. */
import type { Token } from '../layout/model.ts';
import type { Scored } from '../score/scored.ts';
import { clamp } from '../score/scored.ts';
import { currencyOf } from '../values/currency.ts';
import type { Context } from './context.ts';
import { placesOf } from './places.ts';

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
  for (const number of context.numbers) if (number.currency) note(number.currency, number.tokens, number.text, 1);
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
    } else if (/[€£]/.test(token.text) && !inPriced.has(token.index)) {
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
