/** The sides of a conflict, each with its number; another value; the reason. */
import { useEffect, useRef } from 'react';
import { atSite } from '../access.ts';
import type { ConflictDetail, ConflictSide, Saying } from '../../core/contract/settling-http.ts';
import { DOCUMENT_TYPES } from '../../core/invoice/fields.ts';
import { infoOf } from '../review/cells.ts';
import { useApp, useConflicts, useStation } from '../station.ts';
import { actorName, instant, labelOf, say, t } from '../text.ts';
import { Button, Keys } from '../ui/controls.tsx';
import { LIST } from './conflict-list.tsx';
import { Difference } from './difference.tsx';
import { takeSide, takeTyped } from './settle.ts';
import { EarlyNote } from './early-note.tsx';
import { useStanding } from './use-standing.ts';
import { deviceText, refOfConflict, usualReason, valueText } from './words.ts';

const focusList = (): void => document.getElementById(LIST)?.focus();

interface Props {
  readonly detail: ConflictDetail;
  readonly currency: string | null;
  /** Whether it can be settled now, by this person. */
  readonly isOpen: boolean;
}

/** `gone`: settled meanwhile. What is being typed keeps its place, or the next key would mean something else. */
export function Sides({ detail, currency, isOpen, gone }: Props & { readonly gone: boolean }) {
  const ref = refOfConflict(detail);
  const { sides, base } = detail;
  const first = sides[0]?.value ?? null;
  /** Against what was there before; where nothing was, against the first. */
  const against = (i: number): string | undefined => {
    const other = base?.value ?? (i === 0 ? (sides[1]?.value ?? null) : first);
    return other === null ? undefined : valueText(detail, other, currency);
  };
  const { conflicts } = useStation();
  const early = useConflicts((s) => s.early);
  const stands = useStanding(useConflicts((s) => s.shown?.since ?? 0));
  return (
    <div className={`settle-sides ${stands ? '' : 'settle-early'}`} role="group" aria-labelledby="conflict-sides">
      <h3 id="conflict-sides">{t('ui.conflicts.sides')}</h3>
      <EarlyNote early={early} forget={conflicts.forgetEarly} />
      {sides.map((side, i) => (
        <SideButton
          key={`${side.keeps ?? ''} ${side.value ?? '\0'}`}
          detail={detail}
          side={side}
          index={i}
          against={against(i)}
          currency={currency}
          isOpen={isOpen && !gone}
        />
      ))}
      {detail.kind === 'values' && ref !== undefined && isOpen ? <Other detail={detail} gone={gone} /> : null}
      {isOpen ? <Reason detail={detail} /> : null}
    </div>
  );
}

interface SideProps extends Props {
  readonly side: ConflictSide;
  readonly index: number;
  readonly against: string | undefined;
}

function SideButton({ detail, side, index, against, currency, isOpen }: SideProps) {
  const station = useStation();
  const words =
    detail.kind === 'deleted'
      ? t(side.keeps === true ? 'ui.conflicts.keep' : 'ui.conflicts.delete')
      : valueText(detail, side.value, currency);
  return (
    <div className="settle-side">
      <Button
        look="plain"
        className="settle-take"
        isDisabled={!isOpen}
        aria-describedby={`conflict-said-${index}`}
        onPress={() => {
          takeSide(station, index);
          document.getElementById(LIST)?.focus();
        }}
      >
        {index < 9 ? <Keys chord={String(index + 1)} /> : null}
        <span className="settle-value">
          <Difference text={words} other={detail.kind === 'values' ? against : undefined} />
        </span>
      </Button>
      <ul id={`conflict-said-${index}`} className="settle-said">
        {side.said.map((saying) => (
          <Said key={saying.op} detail={detail} saying={saying} currency={currency} />
        ))}
      </ul>
    </div>
  );
}

function Said({
  detail,
  saying,
  currency,
}: {
  readonly detail: ConflictDetail;
  readonly saying: Saying;
  readonly currency: string | null;
}) {
  const own = useApp((s) => s.status?.device ?? '');
  const site = useApp(atSite);
  const today = useApp((s) => s.status?.today);
  /** Of today the time is enough. */
  const moment = (at: string): string => instant(at, at.slice(0, 10) === today ? 'time' : 'full');
  const { actor, device, claimedAt, receivedAt, reason, putBackBy } = saying;
  return (
    <li>
      <b>{t('ui.conflicts.said', { actor: actorName(actor), device: deviceText(device, own, site) })}</b>{' '}
      {detail.kind === 'deleted' ? <span>{didText(detail, saying, currency)} </span> : null}
      <span className="muted">
        {claimedAt === null ? null : (
          <time dateTime={claimedAt}>{t('ui.conflicts.claimed', { at: moment(claimedAt) })}</time>
        )}
        {' · '}
        <time dateTime={receivedAt}>{t('ui.conflicts.received', { at: moment(receivedAt) })}</time>
        {putBackBy === null ? null : ` · ${t('ui.conflicts.putBack', { actor: actorName(putBackBy) })}`}
      </span>
      {reason === null ? null : <span className="settle-why">{t('ui.conflicts.said.reason', { reason })}</span>}
    </li>
  );
}

function didText(detail: ConflictDetail, { field, value }: Saying, currency: string | null): string {
  if (field === null) return t(value === null ? 'ui.conflicts.said.restored' : 'ui.conflicts.said.deleted');
  const cell = { entity: detail.entity, field };
  const ref = refOfConflict(cell);
  return t('ui.conflicts.said.edit', {
    field: ref === undefined ? field : labelOf(ref),
    value: valueText(cell, value, currency),
  });
}

/** Any value that the form would take. */
function Other({ detail, gone }: { readonly detail: ConflictDetail; readonly gone: boolean }) {
  const station = useStation();
  const { conflicts } = station;
  const typing = useConflicts((s) => s.typing);
  const refusal = useConflicts((s) => s.refusal);
  const input = useRef<HTMLInputElement & HTMLTextAreaElement & HTMLSelectElement>(null);
  const isTyping = typing !== null;
  useEffect(() => {
    if (isTyping) input.current?.focus();
  }, [isTyping]);
  const ref = refOfConflict(detail);
  if (ref === undefined) return null;
  if (typing === null)
    return (
      <Button look="quiet" className="settle-other" isDisabled={gone} onPress={() => conflicts.type('')}>
        <Keys chord="E" /> {t('ui.conflicts.other')}
      </Button>
    );
  const { type } = infoOf(ref);
  const shared = {
    ref: input,
    className: 'input',
    value: typing,
    'aria-label': t('ui.conflicts.other'),
    'aria-invalid': refusal !== null || undefined,
    'aria-describedby': refusal === null ? undefined : 'conflict-refusal',
    onChange: (event: { target: { value: string } }) => conflicts.type(event.target.value),
  };
  const take = () => {
    if (takeTyped(station)) focusList();
  };
  return (
    <form
      className="settle-typing"
      onSubmit={(event) => {
        event.preventDefault();
        take();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.altKey && event.target === input.current && type === 'multiline') {
          event.preventDefault();
          take();
        }
        if (event.key !== 'Escape') return;
        event.preventDefault();
        conflicts.type(null);
        focusList();
      }}
    >
      {ref.field === 'documentType' ? (
        <select {...shared}>
          <option value="">{t('ui.choose')}</option>
          {DOCUMENT_TYPES.map((value) => (
            <option key={value} value={value}>
              {say(`documentType.${value}`)}
            </option>
          ))}
        </select>
      ) : type === 'multiline' ? (
        <textarea {...shared} rows={3} />
      ) : (
        <input {...shared} type="text" autoComplete="off" spellCheck={false} />
      )}
      <Button look="primary" type="submit" isDisabled={gone}>
        {t('ui.conflicts.other.do')}
      </Button>
      <Button look="quiet" onPress={() => conflicts.type(null)}>
        {t('ui.conflicts.other.cancel')}
      </Button>
      {refusal === null ? null : (
        <p id="conflict-refusal" className="field-message field-message-error" role="alert">
          {refusal}
        </p>
      )}
    </form>
  );
}

function Reason({ detail }: { readonly detail: ConflictDetail }) {
  const { conflicts } = useStation();
  const reason = useConflicts((s) => s.reason);
  return (
    <label className="settle-reason">
      <span>
        {t('ui.conflicts.reason')} <Keys chord="R" />
      </span>
      <input
        id="conflict-reason"
        className="input"
        type="text"
        maxLength={2_000}
        value={reason}
        placeholder={t('ui.conflicts.reason.hint', { reason: usualReason(detail, detail.sides[0]) })}
        onChange={(event) => conflicts.setState({ reason: event.target.value })}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== 'Escape') return;
          event.preventDefault();
          document.getElementById(LIST)?.focus();
        }}
      />
    </label>
  );
}
