/** Names of countries in the languages invoices are read in: the last line of an address. */
import { lazy } from '../../lazy.ts';
import { LANGUAGES } from '../labels/kinds.ts';
import { fold } from '../layout/text.ts';

const CODES =
  'AD AE AL AR AT AU BA BE BG BR CA CH CL CN CO CY CZ DE DK EE EG ES FI FR GB GR HK HR HU IE IL IN IS IT JP KR LI LT LU LV MA MC ME MK MT MX MY NL NO NZ PE PH PL PT RO RS SA SE SG SI SK SM TH TN TR TW UA US UY VN ZA'.split(
    ' ',
  );
/** How people write them beside their full names. */
const SHORT = ['uk', 'england', 'scotland', 'wales', 'northern ireland', 'usa', 'holland', 'republic of ireland'];

const key = (text: string): string =>
  fold(text)
    .replace(/[^a-z ]/g, '')
    .trim();

const countryNames = lazy((): ReadonlySet<string> => {
  const names = new Set(SHORT);
  for (const language of LANGUAGES) {
    const display = new Intl.DisplayNames([language], { type: 'region' });
    for (const code of CODES) names.add(key(display.of(code) ?? code));
  }
  return names;
});

export const isCountryName = (text: string): boolean => countryNames().has(key(text));
