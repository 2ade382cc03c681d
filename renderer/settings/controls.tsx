import { useEffect, useId, useState } from 'react';
import type { ReactNode } from 'react';

interface RowProps {
  readonly label: string;
  readonly hint?: string;
  readonly htmlFor?: string;
  /** Several controls under one name. */
  readonly group?: boolean;
  readonly children: ReactNode;
}

export function Row({ label, hint, htmlFor, group, children }: RowProps) {
  const id = useId();
  const about = htmlFor === undefined ? `${id}-hint` : `${htmlFor}-hint`;
  const body = (
    <>
      <div className="setting-control">{children}</div>
      {hint === undefined ? null : (
        <p id={about} className="setting-hint">
          {hint}
        </p>
      )}
    </>
  );
  return group ? (
    <fieldset className="setting" aria-describedby={hint === undefined ? undefined : about}>
      <legend>{label}</legend>
      {body}
    </fieldset>
  ) : (
    <div className="setting">
      <label htmlFor={htmlFor}>{label}</label>
      {body}
    </div>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  readonly onChange: (value: T) => void;
}

/** A few choices side by side: all can be seen, one is chosen. */
export function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  const name = useId();
  return (
    <Row label={label} group>
      <div className="choice">
        {options.map(([option, text]) => (
          <label key={option}>
            <input type="radio" name={name} checked={value === option} onChange={() => onChange(option)} />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </Row>
  );
}

interface TextRowProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly unit?: string;
  readonly list?: readonly string[];
  readonly onCommit: (text: string) => void;
}

/** Saved when it is left or Enter is pressed; Escape brings the saved value back. */
export function TextRow({ label, hint, value, unit, list, onCommit }: TextRowProps) {
  const id = useId();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const commit = () => {
    if (text.trim() !== value) onCommit(text.trim());
  };
  return (
    <Row label={label} htmlFor={id} {...(hint === undefined ? {} : { hint })}>
      <input
        id={id}
        className={unit === undefined ? 'input' : 'input input-short'}
        value={text}
        list={list ? `${id}-list` : undefined}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          else if (event.key === 'Escape') setText(value);
        }}
      />
      {unit === undefined ? null : <span className="muted"> {unit}</span>}
      {list ? (
        <datalist id={`${id}-list`}>
          {list.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      ) : null}
    </Row>
  );
}
