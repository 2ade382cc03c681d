/**
 * Collects garbage now. An OCR engine that was let go holds 100 to 200 MB until the collector happens to come by, which nothing but a full heap hurries;
 * pages in several languages by turns would hold several of them. Takes some milliseconds in a reading thread.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let gc: (() => void) | undefined;

export function collectGarbage(): void {
  if (gc === undefined) {
    // A context made after the flag has the function; this one has not.
    setFlagsFromString('--expose-gc');
    gc = runInNewContext('gc') as () => void;
  }
  // The first finds an engine dead, the second gives its memory back.
  gc();
  gc();
}
