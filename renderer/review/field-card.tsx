/** Below the focused field: the printed original, type-ahead over the page's words, and why this value was chosen. */
import { useEffect, useReducer } from 'react';
import type { Cell } from '../../core/contract/invoice.ts';
import { useReview, useStation } from '../station.ts';
import { percent, say, shown, t, whyWords } from '../text.ts';
import { Keys } from '../ui/controls.tsx';
import { Mark } from '../ui/icons.tsx';
import { certainty, refOf } from './cells.ts';
import type { CellKey } from './cells.ts';
import { certaintyText } from './certainty-text.ts';
import { currentSuggestions } from './field-actions.ts';
import { Snippet } from './snippet.tsx';

interface CardProps {
  readonly cellKey: CellKey;
  readonly cell: Cell;
  readonly snippet: boolean;
  readonly currency: string | null;
}

export function FieldCard({ cellKey, cell, snippet, currency }: CardProps) {
  const why = useReview((s) => s.why);
  const open = useReview((s) => s.suggest !== null);
  const showSnippet = snippet && cell.box !== undefined && cell.page !== undefined;
  if (!why && !open && !showSnippet) return null;
  return (
    <div className="field-card">
      {showSnippet ? <Snippet page={cell.page!} box={cell.box!} /> : null}
      {why ? (
        <Why cellKey={cellKey} cell={cell} currency={currency} />
      ) : open ? (
        <Suggestions cellKey={cellKey} />
      ) : null}
    </div>
  );
}

function Suggestions({ cellKey }: { readonly cellKey: CellKey }) {
  const station = useStation();
  const [, more] = useReducer((n: number) => n + 1, 0);
  const at = useReview((s) => s.suggest ?? -1);
  useReview((s) => s.drafts[cellKey]);
  const found = currentSuggestions(station, more);
  const { review } = station;
  const marked = found.map((p) => `${p.page} ${p.box.join()}`).join();
  useEffect(() => {
    review.setState({ suggested: { phrases: found, at } });
    return () => review.setState({ suggested: null });
    // `marked` stands for the list, which is made anew with every drawing.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [review, marked, at]);
  if (found.length === 0) return null;
  return (
    <ul id="suggestions" className="suggestions" role="listbox" aria-label={t('ui.suggest')}>
      {found.map((phrase, i) => (
        // The keyboard stays in the field; the list is moved through by its arrow keys.
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
        <li
          key={`${phrase.key} ${phrase.box.join()}`}
          role="option"
          aria-selected={i === at}
          // The field must not lose the keyboard before the click has arrived.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => station.control.takePhrase(cellKey, phrase)}
        >
          <span className="ellipsis">{phrase.text}</span>
          <span className="muted">{t('ui.page.short', { page: phrase.page })}</span>
        </li>
      ))}
    </ul>
  );
}

function Why({
  cellKey,
  cell,
  currency,
}: {
  readonly cellKey: CellKey;
  readonly cell: Cell;
  readonly currency: string | null;
}) {
  const { control } = useStation();
  const ref = refOf(cellKey);
  return (
    <div className="why" role="group" aria-label={t('ui.why')}>
      <p>
        <Mark kind={certainty(cell)} /> {certaintyText(cell)}
        {cell.text !== '' && cell.text !== cell.value ? (
          <span className="muted"> {t('ui.why.text', { text: cell.text })}</span>
        ) : null}
      </p>
      {cell.reasons.length > 0 ? (
        <ul className="why-reasons">
          {cell.reasons.map((reason) => (
            <li key={reason}>{whyWords(reason)}</li>
          ))}
        </ul>
      ) : null}
      {cell.candidates.length === 0 ? (
        <p className="muted">{t('ui.why.noOther')}</p>
      ) : (
        <ol className="candidates">
          {cell.candidates.slice(0, 9).map((candidate, i) => (
            <li key={`${candidate.value} ${candidate.page} ${candidate.box?.join()}`}>
              <button
                type="button"
                tabIndex={-1}
                aria-pressed={candidate.value === cell.value}
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => control.takeCandidate(cellKey, candidate)}
              >
                <Keys chord={String(i + 1)} />
                <span className="candidate-value">{shown(ref, candidate.value, currency)}</span>
                <span className="candidate-score">{percent(candidate.score)}</span>
                <span className="candidate-reasons">
                  {[say(`source.${candidate.source}`), ...candidate.reasons.map(whyWords)].join(' · ')}
                </span>
              </button>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
