/**
 * How much of a page was read right, as far as the reader can know: the ink inside words, times what their confidences promise. Coverage alone takes a word
 * misread for a word read; confidence alone has never heard of the words that were not found.
 */
interface Read {
  readonly text: string;
  /** 0..100 */
  readonly confidence: number;
}

/** Words under the first are noise nearly always, over the second nearly never. */
const WRONG = 35;
const RIGHT = 88;

export function qualityOf(words: readonly Read[], coverage: number): number {
  let letters = 0;
  let right = 0;
  for (const { text, confidence } of words) {
    letters += text.length;
    right += text.length * Math.min(1, Math.max(0, (confidence - WRONG) / (RIGHT - WRONG)));
  }
  // Without a word on it a page is either blank, and all was read, or nothing was.
  return letters === 0 ? coverage : (coverage * right) / letters;
}
