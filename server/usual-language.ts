/** The language of most of the documents read lately: where the next scan is in it too, it is read once (decision 0012). */
export interface UsualLanguage {
  /** ISO 639-1; undefined before the first document. */
  guess(): string | undefined;
  saw(language: string): void;
}

/** A station that changes its customers changes its mind within a morning. */
const REMEMBERED = 15;

export function createUsualLanguage(): UsualLanguage {
  const last: string[] = [];
  return {
    guess() {
      const counts = new Map<string, number>();
      // Latest first: of two as frequent, the later one wins.
      for (const language of last) counts.set(language, (counts.get(language) ?? 0) + 1);
      return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0];
    },
    saw(language) {
      last.unshift(language);
      last.length = Math.min(last.length, REMEMBERED);
    },
  };
}
