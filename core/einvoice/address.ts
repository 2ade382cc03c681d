/** A postal address as lines of text <-> its parts (BG-5). Reading writes the lines in this order, writing takes them apart again. */
export interface Address {
  readonly street?: string;
  readonly additional?: string;
  /** Further lines. */
  readonly more: readonly string[];
  readonly code?: string;
  readonly city?: string;
  readonly subdivision?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
}

const COUNTRY_NAMES: Readonly<Record<string, string>> = {
  AT: 'austria österreich autriche',
  BE: 'belgium belgien belgique belgië',
  CH: 'switzerland schweiz suisse svizzera',
  CZ: 'czechia tschechien česko',
  DE: 'germany deutschland allemagne duitsland germania alemania',
  DK: 'denmark dänemark danmark',
  ES: 'spain spanien españa espagne',
  FI: 'finland finnland suomi',
  FR: 'france frankreich francia frankrijk',
  GB: 'united kingdom|great britain|england|uk|großbritannien|vereinigtes königreich',
  IE: 'ireland irland éire',
  IT: 'italy italien italia italie italië',
  LU: 'luxembourg luxemburg',
  NL: 'netherlands|the netherlands|niederlande|nederland|pays-bas|holland',
  NO: 'norway norwegen norge',
  PL: 'poland polen polska pologne',
  PT: 'portugal',
  SE: 'sweden schweden sverige',
  US: 'united states|united states of america|usa|vereinigte staaten',
};
const COUNTRY_OF = new Map(
  Object.entries(COUNTRY_NAMES).flatMap(([code, names]) =>
    names.split(names.includes('|') ? '|' : ' ').map((name) => [name, code] as const),
  ),
);

const countryOf = (line: string): string | undefined =>
  /^[A-Z]{2}$/.test(line) ? line : COUNTRY_OF.get(line.toLowerCase());

/** Post code first, as most of Europe writes it: `10115 Berlin`, `1012 AB Amsterdam`, `L-2132 Luxembourg`. */
function townOf(line: string): { code: string; city: string } | undefined {
  const match = /^(\d{4} ?[A-Z]{2}|(?:[A-Z]{1,2}-)?\d{3} ?\d{2}|(?:[A-Z]{1,2}-)?\d{4,6}(?:-\d{3})?) (\p{L}.*)$/u.exec(
    line,
  );
  return match ? { code: match[1]!, city: match[2]! } : undefined;
}

export function parseAddress(text: string): Address {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const country = lines.length > 0 ? countryOf(lines.at(-1)!) : undefined;
  if (country !== undefined) lines.pop();
  const at = lines.findLastIndex((line) => townOf(line) !== undefined);
  const town = at < 0 ? undefined : townOf(lines[at]!);
  const subdivision = at >= 0 ? lines.slice(at + 1).join(', ') : '';
  const before = at >= 0 ? lines.slice(0, at) : lines;
  // Without a post code the last line is the town, if there is a street above it.
  const city = town?.city ?? (before.length > 1 ? before.pop() : undefined);
  const [street, additional, ...more] = before;
  return {
    more,
    ...(street !== undefined && { street }),
    ...(additional !== undefined && { additional }),
    ...(town && { code: town.code }),
    ...(city !== undefined && { city }),
    ...(subdivision !== '' && { subdivision }),
    ...(country !== undefined && { country }),
  };
}
