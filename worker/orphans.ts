/**
 * pdf.js lets go of promises when the cross-reference table of a file contradicts itself: what fails is told to whoever asked for the page, and once more to nobody, which would end the
 * thread. Anything else that nobody hears of is a bug, and ends it.
 */
export function hearOrphans(): void {
  process.on('unhandledRejection', (reason) => {
    if (!isOfPdfJs(reason)) throw reason;
  });
}

/** Its exceptions are no errors of this thread's own kind: they are known by their names. */
const isOfPdfJs = (reason: unknown): boolean =>
  typeof reason === 'object' &&
  reason !== null &&
  'name' in reason &&
  /^(?:\w+Exception|FormatError)$/.test(String(reason.name));
