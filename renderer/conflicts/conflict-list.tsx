/** The list of conflicts. The keys that settle are actions. */
import type { ConflictRow } from '../../core/contract/settling-http.ts';
import { useApp, useConflicts, useStation } from '../station.ts';
import { date, instant, t } from '../text.ts';
import { Mark } from '../ui/icons.tsx';
import { keyOfConflict } from './conflicts-store.ts';
import { SettleList } from './settle-list.tsx';
import { invoiceText, whatText } from './words.ts';

export const LIST = 'conflict-list';

export function ConflictList() {
  const { conflicts } = useStation();
  const rows = useConflicts((s) => s.rows);
  const loading = useConflicts((s) => s.phase === 'loading');
  const hasMore = useConflicts((s) => s.next !== null);
  const active = useConflicts((s) => s.active);
  return (
    <SettleList
      id={LIST}
      label={t('ui.conflicts.list')}
      keys={rows.map(keyOfConflict)}
      active={active}
      loading={loading}
      hasMore={hasMore}
      onMore={conflicts.ensure}
      onSelect={conflicts.select}
      onStep={conflicts.move}
    >
      {(index) => {
        const row = rows[index];
        return row === undefined ? null : <Cells row={row} />;
      }}
    </SettleList>
  );
}

function Cells({ row }: { readonly row: ConflictRow }) {
  return (
    <>
      <div role="gridcell" className="settle-what">
        <Mark kind={row.kind === 'deleted' ? 'error' : 'warning'} />
        <b className="ellipsis">{whatText(row)}</b>
        <Since at={row.since} />
      </div>
      <div role="gridcell" className="settle-whose ellipsis">
        {invoiceText(row)}
      </div>
    </>
  );
}

/** Today's are told apart by their time, older ones by their day. */
function Since({ at }: { readonly at: string }) {
  const today = useApp((s) => s.status?.today);
  return (
    <time className="muted" dateTime={at} title={t('ui.conflicts.since', { at: instant(at) })}>
      {at.slice(0, 10) === today ? instant(at, 'time') : date(at.slice(0, 10))}
    </time>
  );
}
