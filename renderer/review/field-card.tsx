/** Below the focused field: the printed original, type-ahead over the page's words, and why this value was chosen. */
import { useEffect, useLayoutEffect, useReducer, useRef } from 'react';
import type { ReactNode } from 'react';
import { createPortal } from 'react-dom';
import type { Cell } from '../../core/contract/invoice.ts';
import type { Proof } from '../../core/invoice/proof.ts';
import { routeHash } from '../route.ts';
import { useReview, useStation } from '../station.ts';
import { percent, say, shown, t, whyWords } from '../text.ts';
import { Keys } from '../ui/controls.tsx';
import { Mark } from '../ui/icons.tsx';
import { certainty, refOf } from './cells.ts';
import type { CellKey } from './cells.ts';
import { certaintyText } from './certainty-text.ts';
import { ConflictChoice } from './conflict-choice.tsx';
import { currentSuggestions } from './field-actions.ts';
import { Snippet } from './snippet.tsx';

/** Element of the form that the cards are drawn into. */
export const CARD_LAYER = 'form-cards';

interface CardProps {
  readonly cellKey: CellKey;
  readonly cell: Cell;
  readonly proof?: Proof | undefined;
  readonly snippet: boolean;
  readonly currency: string | null;
  /** What is wrong, where there is no room for it beside the value. */
  readonly messages?: readonly { readonly severity: string; readonly text: string }[];
}

export function FieldCard({ cellKey, cell, proof, snippet, currency, messages = [] }: CardProps) {
  const { control } = useStation();
  const why = useReview((s) => s.why);
  const open = useReview((s) => s.suggest !== null);
  const located = useReview((s) => (s.located?.key === cellKey ? s.located : null));
  const place = cell.box && cell.page !== undefined ? { page: cell.page, box: cell.box } : located;
  const shownPlace = snippet ? place : null;
  // A cell of the lines has no room of its own for it.
  const heads = cellKey.startsWith('invoice:') ? undefined : cell.conflict;
  if (!why && !open && !shownPlace && messages.length === 0 && heads === undefined) return null;
  return (
    <Floating cellKey={cellKey}>
      {shownPlace ? <Snippet page={shownPlace.page} box={shownPlace.box} wide /> : null}
      {messages.map((message) => (
        <p key={message.text} className={`field-message field-message-${message.severity}`}>
          {message.text}
        </p>
      ))}
      {heads === undefined ? null : (
        <ConflictChoice cellKey={cellKey} heads={heads} currency={currency} locked={!control.isOpen()} />
      )}
      {why ? (
        <Why cellKey={cellKey} cell={cell} proof={proof} currency={currency} />
      ) : open ? (
        <Suggestions cellKey={cellKey} />
      ) : null}
    </Floating>
  );
}

/** Floats over the form, below its field, so that nothing moves when the keyboard does and no grid cuts it off. */
function Floating({ cellKey, children }: { readonly cellKey: CellKey; readonly children: ReactNode }) {
  const card = useRef<HTMLDivElement>(null);
  const layer = document.getElementById(CARD_LAYER);
  // After every drawing: what is in it decides how wide it is.
  useLayoutEffect(() => {
    const cell = layer?.parentElement?.querySelector(`[data-cell="${CSS.escape(cellKey)}"]`);
    const anchor = cell?.closest('.field, .line-cell');
    if (!card.current || !layer || !anchor) return;
    const from = anchor.getBoundingClientRect();
    const origin = layer.getBoundingClientRect();
    const room = layer.parentElement!.clientWidth - card.current.offsetWidth - 8;
    card.current.style.left = `${Math.max(8, Math.min(room, from.left - origin.left))}px`;
    card.current.style.top = `${from.bottom - origin.top + 3}px`;
    card.current.style.minWidth = `${Math.min(from.width, 380)}px`;
  });
  if (!layer) return null;
  return createPortal(
    <div className="field-card" ref={card}>
      {children}
    </div>,
    layer,
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

/** To what was learned of the vendor: there it can be seen and forgotten. */
function LearntFrom() {
  const memory = useReview((s) => (s.id === null ? undefined : s.docs[s.id]?.shown.reading?.memory));
  if (memory === undefined) return null;
  return (
    <p>
      <a
        href={routeHash({ screen: 'vendors', id: memory.vendor })}
        tabIndex={-1}
        onPointerDown={(event) => event.preventDefault()}
      >
        {t('ui.why.memory', { name: memory.name })}
      </a>
    </p>
  );
}

/** What is as high as half the form is not read over its edge: the form is moved so that it can be seen, the field above it, too. */
function useInView(element: React.RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      element.current?.closest('.field-card')?.scrollIntoView({ block: 'nearest' });
    });
    return () => cancelAnimationFrame(frame);
  }, [element]);
}

function Why({
  cellKey,
  cell,
  proof,
  currency,
}: {
  readonly cellKey: CellKey;
  readonly cell: Cell;
  readonly proof: Proof | undefined;
  readonly currency: string | null;
}) {
  const panel = useRef<HTMLDivElement>(null);
  useInView(panel);
  return (
    <div className="why" role="group" aria-label={t('ui.why')} ref={panel}>
      <p>
        <Mark kind={certainty(cell, proof)} /> {certaintyText(cell, proof)}
      </p>
      {cell.text !== '' && cell.text !== cell.value && cell.text !== shown(refOf(cellKey), cell.value, currency) ? (
        <p className="muted">{t('ui.why.text', { text: cell.text })}</p>
      ) : null}
      {cell.reasons.length > 0 ? (
        <ul className="why-reasons">
          {cell.reasons.map((reason) => (
            <li key={reason}>{whyWords(reason)}</li>
          ))}
        </ul>
      ) : null}
      {cell.reasons.some((reason) => reason.startsWith('memory')) ? <LearntFrom /> : null}
      <Candidates cellKey={cellKey} cell={cell} currency={currency} />
    </div>
  );
}

type CandidatesProps = Pick<CardProps, 'cellKey' | 'cell' | 'currency'>;

/** What else it might be. The one in the field has its certainty and its reasons above: here it only keeps its number. */
function Candidates({ cellKey, cell, currency }: CandidatesProps) {
  const { control } = useStation();
  const ref = refOf(cellKey);
  if (cell.candidates.every(({ value }) => value === cell.value)) return <p className="muted">{t('ui.why.noOther')}</p>;
  return (
    <ol className="candidates">
      {cell.candidates.slice(0, 9).map((candidate, i) => {
        const taken = candidate.value === cell.value;
        return (
          <li key={`${candidate.value} ${candidate.page} ${candidate.box?.join()}`}>
            <button
              type="button"
              tabIndex={-1}
              aria-pressed={taken}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => control.takeCandidate(cellKey, candidate)}
            >
              <Keys chord={String(i + 1)} />
              <span className="candidate-value">{shown(ref, candidate.value, currency)}</span>
              <span className="candidate-score">{taken ? t('ui.why.taken') : percent(candidate.score)}</span>
              {taken ? null : (
                <span className="candidate-reasons">
                  {[say(`source.${candidate.source}`), ...candidate.reasons.map(whyWords)].join(' · ')}
                </span>
              )}
            </button>
          </li>
        );
      })}
    </ol>
  );
}
