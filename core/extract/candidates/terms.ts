/** Terms of payment, cash discount and the reason no tax is charged: found by what the sentence says, with or without a label. */
import type { Scored } from '../score/scored.ts';
import type { Context } from './context.ts';
import { placesOf } from './places.ts';
import type { Sentence } from './sentences.ts';
import { findSentences, sentenceOf } from './sentences.ts';

const DAYS =
  /\b\d{1,3} ?(calendar |working |kalender|werk)?(days?|d\b|tagen?|tg\b|jours?|j\b|dias?|d\/f|giorni|gg\b|dagen|dgn\b)|\bnet(to)? ?\d{1,3}\b/;
const AT_ONCE =
  /(up)?on receipt|immediate(ly)?|sofort|prompt|nach erhalt|a reception|comptant|al contado|vista fattura|rimessa diretta|per direct|contant|a pronto|in advance|vorkasse|vorauskasse|prepayment|vooruitbetaling|cash on delivery|nachnahme/;
const PAY =
  /\b(pay(ment|able|ments)?|paid|due|net(to)?|terms|remit|settle(ment)?|zahl(bar|ung|en|ungsziel)|fallig|uberweis\w*|begleich\w*|netto|paiements?|reglements?|payables?|regler|pag[oa]r?|pagamento|pagamenti|vencimiento|vencimento|transferencia|bonifico|betal\w*|voldoen|overmaken)\b|\brein netto|ohne abzug/;
const DISCOUNT = /skonto|discount|escompte|pronto pago|descuento|sconto|korting|desconto/;
const WITHIN =
  /\b(within|by|before|if paid|innerhalb|binnen|bis|bei zahlung|sous|avant|dans|entro|si paga|dentro|antes|bij betaling|se pago)\b/;
const LATE =
  /late|interest|overdue|verzug|mahn|penalit|retard|interes|demora|mora\b|ritardo|te laat|rente|juros|reminder|dispute|claim|reklamation|beanstand/;

const EXEMPT =
  /reverse[ -]charge|steuerschuldnerschaft des leistungsempfangers|autoliquidation|inversion del sujeto pasivo|inversione contabile|btw verlegd|verlegging|autoliquidacao|kleinunternehmer|§ ?19 (abs\.? ?1 )?ustg|innergemeinschaftliche (lieferung|leistung)|intra-?community supply|livraison intracommunautaire|entrega intracomunitaria|cessione intracomunitaria|intracommunautaire levering|tva non applicable|exonerat\w+ de (la )?tva|exent[oa] de iva|esente (da )?iva|isento de iva|(exempt from|free of) vat|vat[ -]exempt|umsatzsteuerfrei|steuerfreie? (ausfuhr|lieferung|leistung|umsatz)\w*|steuerbefrei\w+|vrijgesteld van btw|art\. 293 ?b|outside the scope of/;

const LONGEST = 320;

function scored(sentence: Sentence, score: number, reasons: readonly string[]): Scored {
  const value = sentence.text.trim();
  return { value, text: value, tokens: sentence.tokens, score, reasons };
}

const saysWhen = (plain: string): boolean => DAYS.test(plain) || AT_ONCE.test(plain);
const isDiscount = (plain: string): boolean =>
  DISCOUNT.test(plain) && /\d ?%/.test(plain) && (DAYS.test(plain) || WITHIN.test(plain));
const fits = ({ text, plain }: Sentence): boolean => text.length <= LONGEST && !LATE.test(plain);

/** "Terms: Net 30", "Payment terms" over "30 days": the value of the label where it says when to pay. */
function labelled(context: Context, sentences: readonly Sentence[]): Sentence[] {
  return context.labels
    .filter((l) => l.kinds.has('paymentTerms') && (l.closed || l.tokens.length > 1 || l.segment.tokens.length === 1))
    .flatMap((label) => placesOf(context, label).slice(0, 2))
    .flatMap(({ tokens }): Sentence[] => {
      const [first] = tokens;
      const whole = first && sentences.find((s) => s.tokens.includes(first));
      return whole ? [sentenceOf(whole.tokens.slice(whole.tokens.indexOf(first)))] : [];
    })
    .filter((value) => saysWhen(value.plain) && fits(value));
}

const saysNet = (s: Sentence): boolean => !isDiscount(s.plain) || /netto|net\b|ohne abzug/.test(s.plain);

export interface Terms {
  readonly payment: Scored[];
  readonly discount: Scored[];
  readonly exemption: Scored[];
}

export function findTerms(context: Context): Terms {
  const sentences = findSentences(context);
  const usable = sentences.filter(fits);
  const named = labelled(context, sentences);
  const other = usable.filter((s) => !named.some((n) => n.tokens.some((t) => s.tokens.includes(t))));
  const dated = (s: Sentence) => context.dates.some((d) => d.tokens.some((t) => s.tokens.includes(t)));
  const pays = other.filter(
    (s) =>
      PAY.test(s.plain) &&
      (saysWhen(s.plain) ||
        (dated(s) && s.tokens.length >= 4 && !/\.\.\.|:/.test(s.text) && /zahlbar|payable|ohne abzug/.test(s.plain))),
  );
  const early = [...named, ...other].filter((s) => isDiscount(s.plain));
  return {
    payment: [
      ...named.filter(saysNet).map((s) => scored(s, 0.84, ['label:paymentTerms'])),
      ...pays.filter(saysNet).map((s) => scored(s, 0.8, ['form:terms'])),
    ],
    discount: early.map((s) => scored(s, 0.84, ['form:terms'])),
    exemption: sentences
      .filter((s) => EXEMPT.test(s.plain) && s.text.length <= LONGEST && s.tokens.length > 1)
      .map((s) => scored(s, 0.84, ['form:exemption'])),
  };
}
