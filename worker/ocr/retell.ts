/** The words of a pass may say that the page should be read with other languages: then it is, and the better of both readings speaks on. */
import type { OcrPass } from './engine.ts';
import { worth } from './merge.ts';

export interface Told {
  readonly pass: OcrPass;
  /** What it was read with. */
  readonly languages: readonly string[];
}

/** In the page's own language, in all of the settings where that does not tell, in the one that those told. */
const MOST_RETELLINGS = 2;
/** A page's own language is not always the surest; a reading worth less than this share of the one before was told wrong. */
const OWN_LANGUAGE = 0.8;

/** Ends where nothing else is told, and where what was told is no better: the same words would only tell the same again. */
export async function readAsTold(
  first: Told,
  retell: (told: Told) => readonly string[] | undefined,
  read: (languages: readonly string[]) => Promise<OcrPass>,
): Promise<Told> {
  let told = first;
  for (let tries = 0; tries < MOST_RETELLINGS; tries += 1) {
    const languages = retell(told);
    if (languages === undefined) break;
    // oxlint-disable-next-line no-await-in-loop -- the next language depends on this one
    const pass = await read(languages);
    if (worth(pass) < OWN_LANGUAGE * worth(told.pass)) break;
    told = { pass, languages };
  }
  return told;
}
