/** Normalised keys under which vendors and invoice numbers are found again, however they were printed or misread. */

/** Legal forms say nothing about who it is and are the part most often left out. Folded form, longest first where one contains another. */
const LEGAL_FORMS = new Set(
  (
    'gmbh mbh ag kg ohg gbr ug haftungsbeschrankt ev eg se ek ekfr ltd limited plc llc llp lp inc incorporated corp corporation co company ' +
    'sarl sas sasu sa eurl snc scop sci srl srls spa sapa sl slu sociedad limitada anonima bv nv vof cv bvba sprl cvba scrl ' +
    'as asa ab oy oyj aps sp zoo spzoo sro doo kft zrt nyrt lda ltda pty pte kk unipersonal'
  ).split(' '),
);

/** Lower case, accents and marks off, everything that is no letter or digit a space. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae')
    .replaceAll('ł', 'l')
    .replaceAll(/[.'’]/g, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Name without legal forms: "Müller & Söhne GmbH & Co. KG" -> "muller sohne". A name made of them alone keeps them. */
export function nameKey(name: string | null | undefined): string | null {
  if (!name) return null;
  const words = fold(name).split(' ').filter(Boolean);
  const kept = words.filter((word) => !LEGAL_FORMS.has(word));
  const key = (kept.length > 0 ? kept : words).join(' ');
  return key === '' ? null : key;
}

/** Upper case letters and digits only. */
export function taxIdKey(taxId: string | null | undefined): string | null {
  const key = (taxId ?? '')
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
  return key === '' ? null : key;
}

/** How a vendor is looked up: by name (every invoice shows it), by tax id where no name was read. */
export function vendorKey(name: string | null | undefined, taxId: string | null | undefined): string | null {
  return nameKey(name) ?? taxIdKey(taxId);
}

/** The number as printed, but for case and spaces at its ends and inside: two numbers equal here are the same number. */
export function exactNumberKey(number: string | null | undefined): string | null {
  const key = (number ?? '').normalize('NFKC').toUpperCase().replaceAll(/\s+/gu, '');
  return key === '' ? null : key;
}

/**
 * The number reduced to what survives retyping and misreading: punctuation off, O = 0, I and l = 1, leading zeros of every run of digits off.
 * "RE-2024/00017" and "re 2024 17" and "RE2O24-017" share a key.
 */
export function numberKey(number: string | null | undefined): string | null {
  if (!number) return null;
  const key = number
    .normalize('NFKC')
    .toUpperCase()
    .split(/[^\p{L}\p{N}]+/u)
    .map((part) =>
      part
        // A run of O, I and L that touches a digit is a misread digit; "ROI-1" keeps its letters.
        .replaceAll(/(?<!\p{L})[OIL]+(?=\d)|(?<=\d)[OIL]+(?!\p{L})/gu, (run) =>
          run.replaceAll('O', '0').replaceAll(/[IL]/g, '1'),
        )
        .replaceAll(/\d+/g, (digits) => digits.replace(/^0+(?=.)/, '')),
    )
    .join('');
  return key === '' ? null : key;
}
