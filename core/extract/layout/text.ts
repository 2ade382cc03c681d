/** Text folding shared by labels, names and languages. */

/** Lower case without accents; ß -> ss, degree and ordinal signs -> o, so that "N°", "Nº" and "No" read alike. */
export function fold(text: string): string {
  return text
    .replace(/[°º]/g, 'o')
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/ß/g, 'ss')
    .replace(/ø/g, 'o')
    .replace(/æ/g, 'ae')
    .toLowerCase();
}

/** The letters and digits a label is compared by; '#' reads as "no" and '%' as "pct". */
export function labelKey(text: string): string {
  return fold(text)
    .replace(/[#№]/g, 'no')
    .replace(/%/g, 'pct')
    .replace(/[^a-z0-9]/g, '');
}

/** Edit distance (Levenshtein), or `limit` + 1 as soon as it must be greater. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const value = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost);
      row.push(value);
      if (value < best) best = value;
    }
    if (best > limit) return limit + 1;
    previous = row;
  }
  return previous[b.length] ?? limit + 1;
}

/** Words of a name for comparison. */
export const nameTokens = (text: string): string[] =>
  fold(text)
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
