/** How much of a page was read, as the reader itself sees it: what the page's finding and the benches go by. */

/** Below it words are missing that a person would see. */
export const MINIMUM_QUALITY = 0.65;

export function qualityOf(page: { readonly coverage?: number | undefined; readonly quality?: number | undefined }) {
  return page.quality ?? page.coverage;
}
