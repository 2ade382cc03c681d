import { useEffect, useState } from 'react';
import type { Box, Word } from '../../core/contract/reading.ts';
import type { DocumentView } from './document-view.ts';
import { FULL } from './geometry.ts';
import type { Size } from './geometry.ts';

/** Words of a page, as far as they have been fetched. */
export function useWords(view: DocumentView, page: number): readonly Word[] {
  const [words, setWords] = useState<readonly Word[]>([]);
  useEffect(() => {
    let current = true;
    view.words(page).then(
      (list) => current && setWords(list),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [view, page]);
  return words;
}

/** An e-invoice has no page: the station draws one, its words at their boxes. `crop` shows a part of it. */
export function DrawnPage({
  words,
  size,
  crop,
}: {
  readonly words: readonly Word[];
  readonly size: Size;
  readonly crop?: Box;
}) {
  const [x0, y0, x1, y1] = crop ?? [0, 0, FULL, FULL];
  const sx = size.width / FULL;
  const sy = size.height / FULL;
  return (
    <svg
      className="drawn-page"
      viewBox={`${x0 * sx} ${y0 * sy} ${(x1 - x0) * sx} ${(y1 - y0) * sy}`}
      aria-hidden="true"
      focusable="false"
    >
      {words.map(({ text, box }) => {
        const height = (box[3] - box[1]) * sy;
        return (
          <text
            key={`${box.join(' ')} ${text}`}
            x={box[0] * sx}
            y={box[1] * sy + height * 0.8}
            fontSize={height * 0.92}
            textLength={(box[2] - box[0]) * sx}
            lengthAdjust="spacingAndGlyphs"
          >
            {text}
          </text>
        );
      })}
    </svg>
  );
}
