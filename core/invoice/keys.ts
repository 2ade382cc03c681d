/** Normalised keys: what two spellings of one vendor or one invoice number have in common. */

const LEGAL_FORMS = new Set(
  (
    'gmbh mbh ag kg kgaa ohg ug gbr ek ev eg se co cie ltd limited llc llp lp plc inc incorporated corp corporation company pty ' +
    'sa sas sasu sarl eurl snc srl spa sapa bv nv vof cv oy oyj ab as asa aps is kft zrt nyrt sro doo dd spzoo sl slu lda unipessoal ' +
    'sia uab ou ead eood ood haftungsbeschrankt'
  ).split(' '),
);

const COMBINING = /\p{M}+/gu;

/** Lower case, without accents and compatibility forms: for searching and comparing, never for showing. */
export const foldText = (text: string): string =>
  text.normalize('NFKD').replace(COMBINING, '').toLowerCase().replaceAll('ß', 'ss').normalize('NFC');

/** "Müller & Söhne GmbH & Co. KG" and "MUELLER" stay different, "Müller & Söhne G.m.b.H." and "muller & sohne" become one. */
export function vendorKey(name: string): string | null {
  const words = foldText(name)
    .replace(/(?<=\b\p{L})\.\s?(?=\p{L}\b)/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  // A legal form can stand anywhere but first ("AG Weser", "SE Electronics" are names).
  const kept = words.filter((word, at) => at === 0 || !LEGAL_FORMS.has(word));
  return kept.length === 0 ? null : kept.join('');
}

/** O and 0, leading zeros of each run of digits, punctuation and case do not matter: "INV-0O7/23" = "inv 7 23". */
export function numberKey(number: string): string | null {
  const runs = foldText(number)
    .replaceAll('o', '0')
    .match(/\p{L}+|\p{N}+/gu);
  if (runs === null) return null;
  return runs.map((run) => run.replace(/^0+(?=\p{N})/u, '')).join('');
}
