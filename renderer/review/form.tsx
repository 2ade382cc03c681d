import { memo, useMemo, useRef } from 'react';
import type { Invoice } from '../../core/contract/invoice.ts';
import { HEADER_FIELD_NAMES, HEADER_FIELDS } from '../../core/invoice/fields.ts';
import type { FieldInfo, HeaderField } from '../../core/invoice/fields.ts';
import { hardProof, proofsOf } from '../../core/invoice/proof.ts';
import { isOpen as isEditable } from '../../core/invoice/transitions.ts';
import { ReadingProgress } from '../inbox/reading-progress.tsx';
import { useApp, useMay, useReview, useStation } from '../station.ts';
import { noteWords, reasonWords, say, t } from '../text.ts';
import { ActionButton, Button } from '../ui/controls.tsx';
import { Mark } from '../ui/icons.tsx';
import { headerKey } from './cells.ts';
import type { CellKey } from './cells.ts';
import { CARD_LAYER } from './field-card.tsx';
import { Field } from './field.tsx';
import { FindingsList } from './findings-list.tsx';
import { LinesGrid } from './lines-grid.tsx';
import { openCells } from './progress.ts';
import type { Doc } from './review-store.ts';
import { TaxRows } from './tax-rows.tsx';

const GROUPS: readonly FieldInfo['group'][] = [
  'document',
  'vendor',
  'buyer',
  'references',
  'amounts',
  'payment',
  'other',
];

/** Fields with a value, those every invoice has, and those that need a look; the rest on request. */
export function shownFields(
  invoice: Invoice,
  all: boolean,
  focus: CellKey | null,
  draft: ReadonlySet<CellKey>,
): HeaderField[] {
  const needed = new Set(invoice.attention.filter((r) => r.entity.type === 'invoice').map((r) => r.field));
  return HEADER_FIELD_NAMES.filter((name) => {
    const info: FieldInfo = HEADER_FIELDS[name];
    const key = headerKey(invoice, name);
    const filled = (invoice.header[name]?.value ?? null) !== null || invoice.header[name]?.conflict !== undefined;
    return all || info.core || filled || needed.has(name) || focus === key || draft.has(key);
  });
}

/** A mail or an archive: what was in it stands in the queue by itself. */
const isContainer = (invoice: Invoice): boolean =>
  invoice.state === 'void' && (invoice.document.kind === 'mail' || invoice.document.kind === 'zip');

const isCore = (name: HeaderField): boolean => (HEADER_FIELDS[name] as FieldInfo).core === true;

/** Those that every invoice has come first, the rest behind them. */
function inGroup(names: readonly HeaderField[], group: FieldInfo['group']): HeaderField[] {
  const fields = names.filter((name) => HEADER_FIELDS[name].group === group);
  return [...fields.filter(isCore), ...fields.filter((name) => !isCore(name))];
}

function lockedWords(invoice: Invoice): string {
  if (isContainer(invoice)) return t('ui.form.container');
  return isEditable(invoice.state) ? t('ui.form.readonly') : t('ui.form.locked', { status: invoice.status });
}

export function Form({ doc }: { readonly doc: Doc }) {
  const { review } = useStation();
  const invoice = doc.shown;
  const all = useReview((s) => s.allFields);
  const form = useRef<HTMLElement>(null);
  // A field that came by focus stays while it has it: the set is made from what the store holds, without following every key.
  const focus = useReview((s) => (s.focus?.startsWith('invoice:') ? s.focus : null));
  const drafts = useReview((s) => Object.keys(s.drafts).join(' '));
  const names = useMemo(
    () => shownFields(invoice, all, focus, new Set(drafts.split(' '))),
    [invoice, all, focus, drafts],
  );
  // The same set as long as it holds the same cells: what hangs on it is not drawn again.
  const open = openCells(invoice).join(' ');
  const attention = useMemo(() => new Set(open.split(' ')), [open]);
  const proofs = useMemo(() => proofsOf(invoice), [invoice]);
  const hidden = HEADER_FIELD_NAMES.length - names.length;
  const mayCorrect = useMay('invoice.correct');
  const locked = !isEditable(invoice.state) || !mayCorrect;
  return (
    <section className="form" ref={form} aria-label={t('ui.form')}>
      <div className="form-scroll">
        <div id={CARD_LAYER} className="form-cards" />
        <Unreadable invoice={invoice} />
        {locked ? (
          <p className="form-note" role="note">
            {lockedWords(invoice)}
          </p>
        ) : null}
        <FindingsList invoice={invoice} />
        <ReadingNotes invoice={invoice} />
        <div className="form-groups">
          {GROUPS.map((group) => {
            const fields = inGroup(names, group);
            return fields.length === 0 ? null : (
              <FieldGroup
                key={group}
                group={group}
                fields={fields}
                invoice={invoice}
                proofs={proofs}
                attention={attention}
                locked={locked}
              />
            );
          })}
        </div>
        <p className="form-more">
          <Button look="quiet" onPress={() => review.setState({ allFields: !all })}>
            {all ? t('ui.form.fewer') : t('ui.form.all', { n: hidden })}
          </Button>
        </p>
        <LinesGrid invoice={invoice} attention={attention} locked={locked} />
        <TaxRows invoice={invoice} attention={attention} locked={locked} />
      </div>
    </section>
  );
}

/** What nobody has to decide, but somebody should know. */
function ReadingNotes({ invoice }: { readonly invoice: Invoice }) {
  const notes = [...new Set((invoice.reading?.notes ?? []).flatMap((note) => noteWords(note) ?? []))];
  return notes.map((words) => (
    <p key={words} className="form-note form-note-quiet" role="note">
      <Mark kind="info" /> {words}
    </p>
  ));
}

interface GroupProps {
  readonly group: FieldInfo['group'];
  readonly fields: readonly HeaderField[];
  readonly invoice: Invoice;
  readonly proofs: ReturnType<typeof proofsOf>;
  readonly attention: ReadonlySet<CellKey>;
  readonly locked: boolean;
}

const FieldGroup = memo(function FieldGroup({ group, fields, invoice, proofs, attention, locked }: GroupProps) {
  const title = say(`ui.group.${group}`);
  return (
    <fieldset className={`field-group field-group-${group}`}>
      <legend>{title}</legend>
      {fields.map((name) => {
        const key = headerKey(invoice, name);
        return (
          <Field
            key={key}
            cellKey={key}
            cell={invoice.header[name]}
            currency={invoice.header.currency?.value ?? null}
            findings={invoice.findings}
            attention={attention.has(key)}
            locked={locked}
            proof={hardProof(proofs[name])}
          />
        );
      })}
    </fieldset>
  );
});

/** A document that could not be read is no dead end: the reason, the way out, the original; every field can be typed. */
function Unreadable({ invoice }: { readonly invoice: Invoice }) {
  const { unreadable } = invoice.reading ?? {};
  const job = useApp((s) => s.jobs[invoice.id]);
  if (invoice.reading === null)
    return (
      <div className="form-note form-note-busy" role="status">
        <span className="spinner" aria-hidden="true" /> {t('ui.form.reading')}
        {job ? <ReadingProgress invoice={invoice.id} job={job} /> : null}
      </div>
    );
  if (!unreadable) return null;
  const words = reasonWords(unreadable.reason);
  return (
    <div className="unreadable" role="alert">
      <Mark kind="error" />
      <div>
        <h2>{t('ui.unreadable', { reason: words.reason })}</h2>
        <p>{words.clear}</p>
        {unreadable.detail === '' ? null : <p className="muted unreadable-detail">{unreadable.detail}</p>}
        <p className="unreadable-actions">
          <ActionButton id="review.readAgain" icon="again" look="plain" labelled />
          <ActionButton id="review.download" icon="download" look="plain" labelled />
          <span className="muted">{t('ui.unreadable.manual')}</span>
        </p>
      </div>
    </div>
  );
}
