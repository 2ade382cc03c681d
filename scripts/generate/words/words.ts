/** The vocabulary of one language: what each part of an invoice is called, and the pieces that invented companies and goods are composed of. */
import type { Chance } from '../random.ts';

export const LABELS = [
  'number',
  'date',
  'due',
  'delivery',
  'po',
  'customer',
  'orderDate',
  'deliveryNote',
  'project',
  'contact',
  'page',
  'billTo',
  'shipTo',
  'from',
  'vatId',
  'taxNo',
  'buyerVat',
  'phone',
  'fax',
  'email',
  'bank',
  'account',
  'reference',
  'preceding',
  'period',
  'lineSum',
  'discountTotal',
  'freight',
  'surcharge',
  'net',
  'tax',
  'base',
  'gross',
  'prepaid',
  'amountDue',
  'rounding',
  'withheld',
  'previous',
  'carried',
  'brought',
  'invoice',
  'credit',
  'receipt',
  'cash',
  'change',
  'card',
  'till',
  'colPosition',
  'colArticle',
  'colDescription',
  'colQuantity',
  'colUnit',
  'colPrice',
  'colDiscount',
  'colRate',
  'colTotal',
  'colTaxAmount',
  'colGross',
  'colDate',
] as const;
export type LabelKey = (typeof LABELS)[number];

export interface Words {
  /** Synonyms, divided by "|"; the first is the plainest. */
  readonly labels: Readonly<Record<LabelKey, string>>;
  /** Twelve months, divided by "|". */
  readonly months: string;
  readonly monthsShort: string;
  readonly units: {
    readonly piece: string;
    readonly hour: string;
    readonly day: string;
    readonly weight: string;
    readonly pack: string;
    readonly metre: string;
    readonly flat: string;
    readonly month: string;
  };
  readonly text: {
    readonly greeting: string;
    readonly thanks: string;
    /** With {days} and {date}. */
    readonly terms: string;
    readonly cashDiscount: string;
    readonly reverse: string;
    readonly small: string;
    readonly exempt: string;
    readonly ownership: string;
    readonly remark: string;
  };
  readonly first: string;
  readonly surnames: string;
  readonly trades: string;
  /** Street names; "#" stands for the number. */
  readonly streets: string;
  readonly banks: string;
  readonly goods: Readonly<Record<Industry, string>>;
  /** Follows a good: "{good}, galvanised". */
  /** In the same order in every language (content.ts chooses by place). */
  readonly qualities: string;
  readonly sublines: string;
  readonly sections: string;
}

export const INDUSTRIES = ['office', 'hardware', 'food', 'services', 'it', 'building', 'cleaning', 'medical'] as const;
export type Industry = (typeof INDUSTRIES)[number];

export const listOf = (text: string): string[] => text.split('|');

/** A label that is used all over one document. */
export function wordsFor(words: Words, chance: Chance): Record<LabelKey, string> {
  const entries = LABELS.map((key) => {
    const list = listOf(words.labels[key]);
    // The plain word is the frequent one in real life.
    return [key, chance.chance(0.3) ? (list[0] ?? '') : chance.pick(list)] as const;
  });
  return Object.fromEntries(entries) as Record<LabelKey, string>;
}
