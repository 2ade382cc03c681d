import { useEffect } from 'react';
import { useDeferredValue, useState } from 'react';
import { useApp, useInbox, useMay, useStation } from '../station.ts';
import { number, statusName, t } from '../text.ts';
import { ParcelStrip } from '../together/parcel-strip.tsx';
import { ActionButton, Button, Keys } from '../ui/controls.tsx';
import { Icon, Mark } from '../ui/icons.tsx';
import { InvoiceTable } from './invoice-table.tsx';
import type { InvoiceStatus } from '../../core/invoice/states.ts';

/** Chips in the order of an invoice's way; those that are empty and not chosen stay away. */
const CHIPS: readonly InvoiceStatus[] = [
  'exception',
  'ready',
  'reading',
  'on_hold',
  'info_requested',
  'duplicate',
  'confirmed',
  'approved',
  'staged',
  'exported',
  'rejected',
  'void',
];
const ALWAYS: ReadonlySet<InvoiceStatus> = new Set(['exception', 'ready', 'approved', 'exported']);

export function InboxScreen() {
  const phase = useInbox((s) => s.phase);
  const empty = useInbox((s) => s.phase === 'ready' && s.total === 0);
  return (
    <>
      <h1 className="visually-hidden">{t('ui.nav.inbox')}</h1>
      <Toolbar />
      <ParcelStrip />
      {phase === 'failed' ? <Failed /> : empty ? <Empty /> : <InvoiceTable />}
    </>
  );
}

function Toolbar() {
  const { inbox } = useStation();
  return (
    <div className="queue-bar">
      <Search />
      <StatusChips />
      <div className="queue-bar-end">
        <Selection />
        <Ways />
        <Total />
        <ActionButton id="queue.review" icon="right" look="plain" labelled />
        <ActionButton id="queue.takeAlong" icon="away" look="plain" labelled />
        <ActionButton id="queue.export" icon="export" look="plain" labelled />
        <ActionButton id="queue.import" icon="plus" look="primary" labelled />
      </div>
      <StaleNote onRefresh={() => void inbox.reload()} />
    </div>
  );
}

function Search() {
  const { inbox } = useStation();
  const query = useInbox((s) => s.query.q);
  const [typed, setTyped] = useState(query);
  const settledText = useDeferredValue(typed);
  useEffect(() => setTyped(query), [query]);
  useEffect(() => {
    if (settledText === inbox.getState().query.q) return;
    const timer = setTimeout(() => inbox.setQuery({ q: settledText }), 160);
    return () => clearTimeout(timer);
  }, [inbox, settledText]);
  return (
    <div className="search" role="search">
      <Icon name="search" />
      <input
        id="queue-search"
        type="search"
        className="input"
        aria-label={t('ui.search')}
        placeholder={t('ui.search.hint')}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            setTyped('');
            inbox.setQuery({ q: '' });
          }
          if (event.key !== 'Escape' && event.key !== 'ArrowDown' && event.key !== 'Enter') return;
          event.preventDefault();
          document.getElementById('queue-table')?.focus();
        }}
      />
      <Keys chord="/" />
    </div>
  );
}

function StatusChips() {
  const { inbox } = useStation();
  const chosen = useInbox((s) => s.query.status);
  const only = useInbox((s) => s.query.only);
  const byStatus = useApp((s) => s.counters?.byStatus);
  const total = useApp((s) => s.counters?.total);
  return (
    <div className="chips" role="group" aria-label={t('ui.filter')}>
      <button
        type="button"
        className="chip"
        aria-pressed={chosen.length === 0 && only === null}
        onClick={() => inbox.setQuery({ status: [], only: null })}
      >
        {t('ui.filter.all')} <span className="count">{total === undefined ? '' : number(String(total))}</span>
      </button>
      {CHIPS.filter((s) => ALWAYS.has(s) || chosen.includes(s) || (byStatus?.[s] ?? 0) > 0).map((status) => (
        <button
          key={status}
          type="button"
          className={`chip chip-${status}`}
          aria-pressed={chosen.includes(status)}
          onClick={() => inbox.toggleStatus(status)}
        >
          {statusName(status)} <span className="count">{number(String(byStatus?.[status] ?? 0))}</span>
        </button>
      ))}
      <OnlyChips />
    </div>
  );
}

/** What needs somebody, whatever its status: not there where there is nothing of it. */
function OnlyChips() {
  const { inbox } = useStation();
  const only = useInbox((s) => s.query.only);
  const conflict = useApp((s) => s.counters?.conflicts ?? 0);
  const duplicate = useApp((s) => s.counters?.suspects ?? 0);
  const waiting = useApp((s) => s.sync?.undecided.n ?? 0);
  const counts = { conflict, duplicate, waiting };
  return (['conflict', 'duplicate', 'waiting'] as const)
    .filter((which) => counts[which] > 0 || only === which)
    .map((which) => (
      <button
        key={which}
        type="button"
        className={`chip chip-${which}`}
        aria-pressed={only === which}
        onClick={() => inbox.toggleOnly(which)}
      >
        {t(`ui.filter.${which}`)} <span className="count">{number(String(counts[which]))}</span>
      </button>
    ));
}

function Selection() {
  const { inbox } = useStation();
  const count = useInbox((s) => s.selected.size);
  if (count === 0) return null;
  return (
    <span className="selection">
      {t('ui.selected', { n: count })}
      <Button look="quiet" onPress={() => inbox.selectAll(false)}>
        {t('ui.selection.clear')}
      </Button>
    </span>
  );
}

/** From the filter to the place where it is settled. */
function Ways() {
  const only = useInbox((s) => s.query.only);
  if (only === 'conflict') return <ActionButton id="go.conflicts" look="plain" labelled />;
  return only === 'duplicate' ? <ActionButton id="go.duplicates" look="plain" labelled /> : null;
}

function Total() {
  const filtered = useInbox((s) => s.query.q !== '' || s.query.status.length > 0 || s.query.only !== null);
  const total = useInbox((s) => s.total);
  return filtered ? <span className="muted">{t('ui.found', { n: total, count: number(String(total)) })}</span> : null;
}

function StaleNote({ onRefresh }: { readonly onRefresh: () => void }) {
  const stale = useInbox((s) => s.stale && s.rows.length > 1_000);
  return stale ? (
    <Button look="plain" className="stale-note" onPress={onRefresh}>
      <Icon name="again" /> {t('ui.stale')}
    </Button>
  ) : null;
}

function Failed() {
  const { inbox } = useStation();
  const error = useInbox((s) => s.error);
  return (
    <div className="state" role="alert">
      <Mark kind="error" />
      <h2>{t('ui.queue.failed')}</h2>
      <p>{error?.code === 'offline' ? t('ui.offline') : error?.message}</p>
      <Button look="primary" onPress={() => void inbox.reload()}>
        {t('ui.retry')}
      </Button>
    </div>
  );
}

function Empty() {
  const { inbox } = useStation();
  const mayUpload = useMay('invoice.upload');
  const filtered = useInbox((s) => s.query.q !== '' || s.query.status.length > 0 || s.query.only !== null);
  if (filtered)
    return (
      <div className="state">
        <h2>{t('ui.queue.nothingFound')}</h2>
        <p>{t('ui.queue.nothingFound.hint')}</p>
        <Button look="plain" onPress={() => inbox.setQuery({ q: '', status: [], only: null })}>
          {t('ui.filter.clear')}
        </Button>
      </div>
    );
  if (!mayUpload)
    return (
      <div className="state state-empty">
        <Icon name="inbox" size={40} />
        <h2>{t('ui.queue.empty')}</h2>
      </div>
    );
  return (
    <div className="state state-empty">
      <Icon name="inbox" size={40} />
      <h2>{t('ui.queue.empty')}</h2>
      <p>{t('ui.queue.empty.hint')}</p>
      <ActionButton id="queue.import" icon="plus" look="primary" labelled showKeys />
      <p className="muted">{t('ui.queue.formats')}</p>
    </div>
  );
}
