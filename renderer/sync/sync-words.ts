/** Sync in the words of the screen. */
import type { RefusedChange, SyncView } from '../../core/contract/station-sync-http.ts';
import type { Invoice } from '../../core/contract/invoice.ts';
import { actorName, instant, labelOf, say, shown, statusName, t } from '../text.ts';
import { remoteChanges } from './remote-changes.ts';

const MB = 1_000_000;
const megabytes = (bytes: number): number => Math.ceil(bytes / MB);

type Shown = Pick<SyncView, 'state' | 'left' | 'heardAt'> & Partial<Pick<SyncView, 'joining' | 'attention'>>;

export function stateText({ state, left, heardAt, joining = null, attention = [] }: Shown): string {
  switch (state) {
    case 'syncing':
      if (joining !== null) {
        const amounts = { done: megabytes(joining.done), total: megabytes(joining.total) };
        return t(`ui.sync.state.joining.${joining.step}`, amounts);
      }
      return t('ui.sync.state.syncing', { n: left });
    case 'up-to-date':
      return t('ui.sync.state.up-to-date', { at: heardAt === null ? '' : instant(heardAt, 'time') });
    case 'off':
      return '';
    case 'attention':
      return t(attention.includes('disk-full') ? 'ui.sync.state.disk-full' : 'ui.sync.state.attention');
    case 'offline':
      return t('ui.sync.state.offline');
    default:
      return state satisfies never;
  }
}

/** What it was about, as far as this version knows. */
export function changeText({ kind, field }: Pick<RefusedChange, 'kind' | 'field'>): string {
  if (field !== null) {
    const name = say(`field.${field}`);
    return name === `field.${field}` ? field : name;
  }
  if (kind.startsWith('duplicate.')) return t('ui.sync.change.duplicate');
  if (kind === 'transition') return t('ui.sync.change.transition');
  if (kind === 'document.added') return t('ui.sync.change.document');
  if (/^(line|taxRow)\./.test(kind)) return t('ui.sync.change.line');
  return kind.startsWith('lesson.') ? t('ui.sync.change.vendor') : t('ui.sync.change.other');
}

export function refusalText(code: string): string {
  const known = say(`sync.refused.${code}`);
  return known === `sync.refused.${code}` ? t('sync.refused.other', { code }) : known;
}

/** One quiet sentence about what somebody else did to the open invoice; undefined where nobody did. */
export function remoteNews(before: Invoice, after: Invoice, self: string): string | undefined {
  const [first, ...more] = remoteChanges(before, after, self);
  if (first === undefined)
    return before.state === after.state ? undefined : t('ui.sync.changed.state', { state: statusName(after.status) });
  const actor = actorName(first.actor);
  const currency = after.header.currency?.value ?? null;
  if (more.length === 0) {
    const value = shown(first.ref, first.value, currency);
    return t('ui.sync.changed.one', { actor, field: labelOf(first.ref), value });
  }
  const fields = [...new Set([first, ...more].map(({ ref }) => labelOf(ref)))];
  return t('ui.sync.changed.more', { actor, fields: fields.slice(0, 5).join(', ') });
}
