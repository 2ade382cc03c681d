import type { PageReading } from '../contract/reading.ts';

const MOST_PAGES = 4;

/** Totals stand on the last pages, all else on the first: what lies between teaches nothing and costs time. */
export const pagesToLearn = (pages: readonly PageReading[]): PageReading[] => {
  const read = pages.filter((page) => page.words.length > 0);
  return read.length <= MOST_PAGES ? read : [...read.slice(0, 2), ...read.slice(-2)];
};
