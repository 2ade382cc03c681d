/** Two invoices side by side: their pages, what is different in them, and the decision. */
import { useEffect, useRef, useState } from 'react';
import type { Invoice } from '../../core/contract/invoice.ts';
import type { DuplicatePair } from '../../core/contract/settling-http.ts';
import { Difference } from '../conflicts/difference.tsx';
import { EarlyNote } from '../conflicts/early-note.tsx';
import { useStanding } from '../conflicts/use-standing.ts';
import { problemText } from '../problem.ts';
import { routeHash } from '../route.ts';
import { useDuplicates, useMay, useStation } from '../station.ts';
import { actorName, instant, labelOf, shown, statusName, t } from '../text.ts';
import { ActionButton, Button } from '../ui/controls.tsx';
import { Mark } from '../ui/icons.tsx';
import { pageOf } from '../vendors/page-crop.tsx';
import { comparedFields } from './differences.ts';
import type { Compared } from './differences.ts';
import { canPart } from './duplicate-actions.ts';
import { keyOfPair } from './duplicates-store.ts';
import { PAIRS } from './pair-list.tsx';

export function Compare() {
  const pair = useDuplicates((s) => s.pairs.find((one) => keyOfPair(one) === s.active));
  const compared = useDuplicates((s) => (s.compared?.key === s.active ? s.compared : null));
  const error = useDuplicates((s) => s.compareError);
  const { duplicates } = useStation();
  if (pair === undefined) return <div className="settle-card" />;
  if (compared === null && error !== null)
    return (
      <div className="settle-card state" role="alert">
        <Mark kind="error" />
        <p>{problemText(error)}</p>
        <Button onPress={() => void duplicates.look()}>{t('ui.retry')}</Button>
      </div>
    );
  if (compared === null)
    return (
      <div className="settle-card" aria-busy="true">
        <div className="skeleton skeleton-block" />
      </div>
    );
  const { left, right } = compared;
  return (
    <section className="settle-card compare" aria-label={t(`ui.duplicates.why.${pair.why}`)}>
      <Verdict pair={pair} left={left} since={compared.since} />
      <div className="compare-heads">
        <Head
          invoice={left}
          role={t(left.state === 'duplicate' ? 'ui.duplicates.left.closed' : 'ui.duplicates.left')}
        />
        <Head
          invoice={right}
          role={t(left.state === 'duplicate' ? 'ui.duplicates.right.stays' : 'ui.duplicates.right')}
        />
      </div>
      <Fields left={left} right={right} />
      <div className="compare-pages">
        <PagePicture invoice={left} />
        <PagePicture invoice={right} />
      </div>
    </section>
  );
}

function Head({ invoice, role }: { readonly invoice: Invoice; readonly role: string }) {
  const { header, document: file, createdAt, status } = invoice;
  return (
    <header>
      <p className="muted">{role}</p>
      <h2>
        <a href={routeHash({ screen: 'review', id: invoice.id })}>
          {header.vendorName?.value ?? file.name} {header.invoiceNumber?.value ?? ''}
        </a>
      </h2>
      <p>
        <span className={`status status-${status}`}>{statusName(status)}</span>{' '}
        <span className="muted ellipsis">{file.name}</span>{' '}
        <time className="muted" dateTime={createdAt}>
          {t('ui.duplicates.came', { at: instant(createdAt) })}
        </time>
      </p>
    </header>
  );
}

/** What was decided, or the ways to decide. */
function Verdict({
  pair,
  left,
  since,
}: {
  readonly pair: DuplicatePair;
  readonly left: Invoice;
  readonly since: number;
}) {
  const { duplicates } = useStation();
  const mayResolve = useMay('invoice.resolve');
  const gone = useDuplicates((s) => s.gone);
  const early = useDuplicates((s) => s.early);
  const stands = useStanding(since);
  const { link } = pair;
  if (gone)
    return (
      <div className="settle-note">
        <p role="status">
          <Mark kind="info" /> {t('ui.duplicates.gone')}
        </p>
        <WhyTwo />
      </div>
    );
  if (link !== null && link.kind !== 'suspected') {
    const said = { actor: actorName(link.actor), at: instant(link.at), reason: link.reason ?? '' };
    const key = link.kind === 'not' ? 'ui.duplicates.not.taken' : (`ui.duplicates.${link.kind}` as const);
    return (
      <div className="settle-note">
        <p>
          <Mark kind={link.kind === 'disputed' ? 'warning' : 'info'} /> {t(key, said)}
        </p>
        {mayResolve ? (
          <>
            <Button onPress={() => void duplicates.takeBack()}>
              {t(link.kind === 'not' ? 'ui.duplicates.undo' : 'ui.duplicates.reopen')}
            </Button>
            {link.kind === 'disputed' ? (
              <Button onPress={() => void duplicates.insist()}>{t('ui.duplicates.confirmMerge')}</Button>
            ) : null}
          </>
        ) : null}
        <WhyTwo />
      </div>
    );
  }
  return (
    <div className={`compare-ways ${stands ? '' : 'settle-early'}`}>
      <EarlyNote early={early} forget={duplicates.forgetEarly} />
      <p>
        <Mark kind="warning" /> {t(`ui.duplicates.why.${pair.why}`)}
      </p>
      {left.state === 'received' ? null : (
        <p className="muted">{t('ui.duplicates.cannotClose', { status: left.status })}</p>
      )}
      <div>
        <ActionButton
          id="duplicate.merge"
          icon="copy"
          look="primary"
          label={t('ui.duplicates.merge')}
          labelled
          showKeys
        />
        <ActionButton id="duplicate.not" look="plain" label={t('ui.duplicates.not')} labelled showKeys />
        <ActionButton id="duplicate.swap" icon="again" look="quiet" label={t('ui.duplicates.swap')} labelled showKeys />
      </div>
      <WhyTwo />
    </div>
  );
}

/** Wherever somebody writes: settled meanwhile or not, the next key is theirs. */
function WhyTwo() {
  const station = useStation();
  const { duplicates } = station;
  const mayPart = useDuplicates(() => canPart(station));
  const reason = useDuplicates((s) => s.reason);
  const input = useRef<HTMLInputElement>(null);
  const isAsked = reason !== null;
  useEffect(() => {
    if (isAsked) input.current?.focus();
  }, [isAsked]);
  if (reason === null) return null;
  const back = () => {
    duplicates.stopWriting();
    document.getElementById(PAIRS)?.focus();
  };
  return (
    <form
      className="settle-typing"
      onSubmit={(event) => {
        event.preventDefault();
        if (mayPart)
          void duplicates.apart(reason.trim()).then((isSent) => {
            if (isSent) back();
          });
      }}
    >
      <input
        ref={input}
        className="input"
        type="text"
        maxLength={2_000}
        aria-label={t('ui.duplicates.not.why')}
        placeholder={t('ui.duplicates.not.why')}
        value={reason}
        onChange={(event) => duplicates.setState({ reason: event.target.value })}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          back();
        }}
      />
      <Button look="primary" type="submit" isDisabled={reason.trim() === '' || !mayPart}>
        {t('ui.duplicates.not.do')}
      </Button>
    </form>
  );
}

function Fields({ left, right }: { readonly left: Invoice; readonly right: Invoice }) {
  const { duplicates } = useStation();
  const onlyDifferences = useDuplicates((s) => s.onlyDifferences);
  const all = comparedFields(left, right);
  const rows = onlyDifferences ? all.filter((row) => !row.same) : all;
  const currencies = [left, right].map(({ header }) => header.currency?.value ?? null);
  return (
    <>
      <label className="compare-only">
        <input
          type="checkbox"
          checked={onlyDifferences}
          onChange={(event) => duplicates.setState({ onlyDifferences: event.target.checked })}
        />{' '}
        {t('ui.duplicates.onlyDifferences')}
      </label>
      {rows.length === 0 ? (
        <p className="muted">{t('ui.duplicates.allSame')}</p>
      ) : (
        <table className="list compare-fields">
          <thead>
            <tr>
              <th scope="col">{t('ui.duplicates.field')}</th>
              <th scope="col">{t('ui.duplicates.left')}</th>
              <th scope="col">{t('ui.duplicates.right')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <FieldRow key={`${row.line ?? ''} ${row.ref.field}`} row={row} currencies={currencies} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function FieldRow({ row, currencies }: { readonly row: Compared; readonly currencies: readonly (string | null)[] }) {
  const { ref, line } = row;
  const name = line === null ? labelOf(ref) : `${t('ui.conflicts.row.line', { n: line })}: ${labelOf(ref)}`;
  const [left, right] = [row.left, row.right].map((value, i) =>
    value === null ? t('ui.conflicts.nothing') : shown(ref, value, currencies[i]),
  );
  return (
    <tr className={row.same ? 'compare-same' : ''}>
      <th scope="row">{name}</th>
      <td className={row.left === null ? 'muted' : ''}>
        <Difference text={left ?? ''} other={row.left === null || row.right === null ? undefined : right} />
      </td>
      <td className={row.right === null ? 'muted' : ''}>
        <Difference text={right ?? ''} other={row.left === null || row.right === null ? undefined : left} />
      </td>
    </tr>
  );
}

/** The first page, as it looks. What has no picture (an e-invoice, a page still on its way) is compared by its fields. */
function PagePicture({ invoice }: { readonly invoice: Invoice }) {
  const { client } = useStation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [state, setState] = useState<'loading' | 'drawn' | 'none'>('loading');
  const { sha256, name } = invoice.document;
  useEffect(() => {
    let gone = false;
    setState('loading');
    pageOf(client, sha256, 1).then(
      (image) => {
        const target = canvas.current;
        if (gone || target === null) return;
        target.width = image.width;
        target.height = image.height;
        target.getContext('2d')?.drawImage(image, 0, 0);
        setState('drawn');
      },
      () => {
        if (!gone) setState('none');
      },
    );
    return () => {
      gone = true;
    };
  }, [client, sha256]);
  return (
    <div>
      {state === 'loading' ? <div className="skeleton skeleton-page" aria-busy="true" /> : null}
      {state === 'none' ? <p className="muted">{t('ui.duplicates.noPicture')}</p> : null}
      <canvas ref={canvas} role="img" aria-label={name} hidden={state !== 'drawn'} />
    </div>
  );
}
