/**
 * Billing information after Swico (S1): `//S1/10/number/11/YYMMDD/30/uid/31/date(s)/32/rates/40/conditions`; a slash within a value is written `\/`.
 */
import { isoDate } from '../../invoice/date.ts';
import { canonicalDecimal } from '../../invoice/decimal.ts';
import { createChecker, readText } from './elements.ts';
import type { CodeRate, Payment } from './payment.ts';

type Values = Pick<
  Payment,
  'invoiceNumber' | 'issueDate' | 'vendorTaxId' | 'serviceStart' | 'serviceEnd' | 'rates' | 'netDays'
>;

const LONGEST = 140;
const MOST_RATES = 10;
const MOST_DAYS = 366;

export function readSwico(text: string): { values: Values; problems: readonly string[] } {
  const parts = text.trim().split(/(?<!\\)\//);
  if (parts[0] !== '' || parts[1] !== '' || parts[2] !== 'S1') return { values: {}, problems: [] };
  if (text.length > LONGEST) return { values: {}, problems: ['billing:length'] };
  const tags = new Map<string, string>();
  for (let i = 3; i + 1 < parts.length; i += 2)
    tags.set(parts[i] ?? '', (parts[i + 1] ?? '').replaceAll(/\\([\\/])/g, '$1'));
  const { check, problems } = createChecker();
  const tag = <T>(name: string, read: (value: string) => T | undefined): T | undefined =>
    check(`billing:${name}`, tags.get(name) ?? '', read);
  const service = tag('31', readPeriod);
  return {
    values: {
      invoiceNumber: tag('10', readText(LONGEST)),
      issueDate: tag('11', readShortDate),
      vendorTaxId: tag('30', (value) => (/^\d{9}$/.test(value) ? `CHE${value}` : undefined)),
      serviceStart: service?.[0],
      serviceEnd: service?.[1],
      rates: tag('32', readRates),
      netDays: tag('40', readNetDays),
    },
    problems,
  };
}

/** Swico knows no century; there were no QR-bills before 2020. */
function readShortDate(text: string): string | undefined {
  const match = /^(\d\d)(\d\d)(\d\d)$/.exec(text);
  return match === null ? undefined : isoDate(2000 + Number(match[1]), Number(match[2]), Number(match[3]));
}

function readPeriod(text: string): readonly [string, string] | undefined {
  const [start, end] = [readShortDate(text.slice(0, 6)), readShortDate(text.slice(6) || text)];
  return start === undefined || end === undefined || end < start ? undefined : [start, end];
}

/** `7.7` for all of it, `8:1000;2.5:51.8` by net amounts. */
function readRates(text: string): readonly CodeRate[] | undefined {
  const rates = text.split(';').map((part) => /^(\d{1,2}(?:\.\d{1,3})?)(?::(\d{1,9}(?:\.\d{1,2})?))?$/.exec(part));
  if (rates.length > MOST_RATES) return undefined;
  const read = rates.flatMap((match): CodeRate[] => {
    const rate = canonicalDecimal(match?.[1] ?? '');
    const base = match?.[2] === undefined ? undefined : canonicalDecimal(match[2]);
    return rate === undefined ? [] : [{ rate, base }];
  });
  return read.length === rates.length ? read : undefined;
}

/** `2:10;0:30`: two percent within 10 days, in full within 30. */
function readNetDays(text: string): number | undefined {
  const match = /(?:^|;)0(?:\.0+)?:(\d{1,3})(?:;|$)/.exec(text);
  const days = Number(match?.[1] ?? Number.NaN);
  return days <= MOST_DAYS ? days : undefined;
}
