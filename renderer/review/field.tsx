/** One field: label, value, how sure it is, the piece of the page it was read from, what is wrong with it. */
import { memo, useId, useLayoutEffect, useRef } from 'react';
import type { Cell, Finding } from '../../core/contract/invoice.ts';
import { DOCUMENT_TYPES } from '../../core/invoice/fields.ts';
import type { Proof } from '../../core/invoice/proof.ts';
import { useReview, useStation } from '../station.ts';
import { editable, findingWords, labelOf, percent, say, t } from '../text.ts';
import { Mark } from '../ui/icons.tsx';
import { certainty, EMPTY_CELL, infoOf, keyOf, refOf } from './cells.ts';
import type { CellKey } from './cells.ts';
import { certaintyText } from './certainty-text.ts';
import { ConflictChoice } from './conflict-choice.tsx';
import { FieldCard } from './field-card.tsx';
import { isRule } from './progress.ts';
import { Snippet } from './snippet.tsx';

interface FieldProps {
  readonly cellKey: CellKey;
  readonly cell: Cell | undefined;
  readonly currency: string | null;
  readonly findings: readonly Finding[];
  readonly attention: boolean;
  readonly locked: boolean;
  /** What proves the value besides its print. */
  readonly proof?: Proof | undefined;
}

const WIDE: ReadonlySet<string> = new Set(['vendorName', 'buyerName', 'vendorIban', 'exemptionReason']);

export const Field = memo(
  function Field({ cellKey, cell = EMPTY_CELL, currency, findings, attention, locked, proof }: FieldProps) {
    const ref = refOf(cellKey);
    const info = infoOf(ref);
    const id = useId();
    const focused = useReview((s) => s.focus === cellKey);
    const refusal = useReview((s) => s.refusals[cellKey]);
    const mine = findings.filter((f) => f.severity !== 'info' && f.cells.some((c) => keyOf(c) === cellKey));
    const sure = certainty(cell, proof);
    const wide = WIDE.has(ref.field) || info.type === 'multiline';
    const worst = refusal ? 'error' : (mine.find((f) => f.severity === 'error') ?? mine[0])?.severity;
    const inFlow = attention && cell.box !== undefined;
    const elsewhere = mine
      .filter((f) => isRule(f) && !leads(f, cellKey))
      .map((f) => ({ severity: f.severity, text: findingWords(f).sentence }));
    return (
      <div
        className={`field ${wide ? 'field-wide' : ''} ${attention ? 'field-attention' : ''} ${worst ? `field-${worst}` : ''} ${focused ? 'field-focused' : ''}`}
      >
        <label htmlFor={id}>{labelOf(ref)}</label>
        <div className={`field-box field-type-${info.type}`}>
          <FieldInput
            id={id}
            cellKey={cellKey}
            cell={cell}
            currency={currency}
            locked={locked}
            invalid={worst !== undefined}
          />
          <span className="certainty" title={certaintyText(cell, proof)}>
            {sure === 'likely' || sure === 'doubtful' ? (
              <span className="certainty-share">{percent(cell.confidence)}</span>
            ) : null}
            <Mark kind={sure} />
          </span>
        </div>
        <div id={`${id}-about`} className="field-about">
          <span className="visually-hidden">{certaintyText(cell, proof)}</span>
          {inFlow ? <Snippet page={cell.page!} box={cell.box!} wide={wide} /> : null}
          {refusal ? <p className="field-message field-message-error">{refusal.message}</p> : null}
          {mine.map((finding, i) => (
            <FieldFinding key={`${finding.code} ${i}`} finding={finding} quiet={!leads(finding, cellKey)} />
          ))}
          {cell.conflict ? (
            <ConflictChoice cellKey={cellKey} heads={cell.conflict} currency={currency} locked={locked} />
          ) : null}
        </div>
        {focused ? (
          <FieldCard
            cellKey={cellKey}
            cell={cell}
            proof={proof}
            snippet={!inFlow}
            currency={currency}
            messages={elsewhere}
          />
        ) : null}
      </div>
    );
  },
  (a, b) =>
    a.cellKey === b.cellKey &&
    a.cell === b.cell &&
    a.attention === b.attention &&
    a.locked === b.locked &&
    a.proof === b.proof &&
    a.currency === b.currency &&
    sameFindings(a, b),
);

/** A correction elsewhere brings a new list; this field is drawn again only where its own findings changed. */
function sameFindings(a: FieldProps, b: FieldProps): boolean {
  if (a.findings === b.findings) return true;
  const own = (props: FieldProps) =>
    JSON.stringify(props.findings.filter((f) => f.cells.some((c) => keyOf(c) === props.cellKey)));
  return own(a) === own(b);
}

/** A rule that names several cells has its sentence at the likeliest culprit; the others show it when they have the keyboard. */
const leads = (finding: Finding, key: CellKey): boolean => keyOf(finding.cells[0]!) === key;

function FieldFinding({ finding, quiet }: { readonly finding: Finding; readonly quiet: boolean }) {
  const { sentence } = findingWords(finding);
  // How sure the reading is can be seen: colour, mark, percentage and the print itself.
  const seen = quiet || finding.code === 'LOW_CONFIDENCE';
  return <p className={seen ? 'visually-hidden' : `field-message field-message-${finding.severity}`}>{sentence}</p>;
}

interface InputProps {
  readonly id: string;
  readonly cellKey: CellKey;
  readonly cell: Cell;
  readonly currency: string | null;
  readonly locked: boolean;
  readonly invalid: boolean;
}

function FieldInput({ id, cellKey, cell, currency, locked, invalid }: InputProps) {
  const { review, control } = useStation();
  const ref = refOf(cellKey);
  const { type } = infoOf(ref);
  const draft = useReview((s) => s.drafts[cellKey]);
  const open = useReview((s) => s.focus === cellKey && s.suggest !== null);
  const shared = {
    id,
    'data-cell': cellKey,
    'aria-describedby': `${id}-about`,
    'aria-invalid': invalid || undefined,
    onFocus: () => review.focusOn(cellKey),
    onBlur: () => {
      review.setState({ suggest: null });
      control.commitDraft(cellKey);
    },
  };
  if (ref.field === 'documentType')
    return (
      <select
        {...shared}
        className="input"
        value={cell.value ?? ''}
        disabled={locked}
        onChange={(event) => control.commit(cellKey, event.target.value)}
      >
        {cell.value === null ? <option value="">{t('ui.choose')}</option> : null}
        {DOCUMENT_TYPES.map((value) => (
          <option key={value} value={value}>
            {say(`documentType.${value}`)}
          </option>
        ))}
      </select>
    );
  const text = draft ?? editable(ref, cell.value, currency);
  const onText = (next: string) => review.typed(cellKey, next);
  const field = {
    ...shared,
    className: 'input',
    value: text,
    readOnly: locked,
    autoComplete: 'off',
    spellCheck: false,
  };
  return type === 'multiline' ? (
    <GrowingText {...field} onText={onText} />
  ) : (
    <input
      type="text"
      {...field}
      role="combobox"
      aria-expanded={open}
      aria-controls={open ? 'suggestions' : undefined}
      aria-autocomplete="list"
      onChange={(event) => onText(event.target.value)}
    />
  );
}

type GrowingProps = Omit<React.TextareaHTMLAttributes<HTMLTextAreaElement>, 'value'> & {
  value: string;
  onText: (text: string) => void;
};

/** Three lines; a longer text is scrolled. */
const LONGEST = 66;

/** As high as its text; Enter goes on like everywhere, Alt+Enter makes a line. */
function GrowingText({ value, onText, ...props }: GrowingProps) {
  const element = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const box = element.current!;
    box.style.height = 'auto';
    box.style.height = `${Math.min(box.scrollHeight + 2, LONGEST)}px`;
  }, [value]);
  return (
    <textarea
      {...props}
      ref={element}
      rows={1}
      value={value}
      onChange={(event) => onText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !event.altKey) return;
        event.preventDefault();
        const { selectionStart, selectionEnd } = event.currentTarget;
        onText(`${value.slice(0, selectionStart)}\n${value.slice(selectionEnd)}`);
      }}
    />
  );
}
