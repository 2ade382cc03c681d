/** Security events of the site, newest first, a page at a time. */
import { useCallback, useId, useState } from 'react';
import type { SecurityEvent } from '../../core/contract/access.ts';
import { problemText } from '../problem.ts';
import { useStation } from '../station.ts';
import { instant, t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Icon, Mark } from '../ui/icons.tsx';
import { LoadState } from '../ui/load-state.tsx';
import { useLoaded } from '../ui/use-loaded.ts';
import { detailWords, EVENT_GROUPS, isGrave, kindWords, whoWords } from './event-words.ts';
import type { EventGroup } from './event-words.ts';

const PAGE = 50;
const GROUPS = Object.keys(EVENT_GROUPS) as EventGroup[];

/** A group, one kind, or everything. */
const kindsOf = (choice: string): string[] | undefined =>
  choice === '' ? undefined : choice in EVENT_GROUPS ? [...EVENT_GROUPS[choice as EventGroup]] : [choice];

export function SecurityScreen() {
  const id = useId();
  const [choice, setChoice] = useState('');
  return (
    <div className="page-column">
      <header className="page-head">
        <h1>{t('ui.nav.security')}</h1>
        <p className="filter">
          <label htmlFor={id}>{t('ui.security.kind')}</label>
          <select id={id} className="input" value={choice} onChange={(event) => setChoice(event.target.value)}>
            <option value="">{t('ui.security.kind.all')}</option>
            {GROUPS.map((group) => (
              <optgroup key={group} label={t(`ui.security.group.${group}`)}>
                <option value={group}>{t(`ui.security.group.${group}`)}</option>
                {EVENT_GROUPS[group].map((kind) => (
                  <option key={kind} value={kind}>
                    {kindWords(kind)}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
        </p>
      </header>
      <p className="lead">{t('ui.security.hint')}</p>
      <EventList key={choice} choice={choice} />
    </div>
  );
}

interface Shown {
  readonly items: readonly SecurityEvent[];
  readonly next: number | null;
}

function EventList({ choice }: { readonly choice: string }) {
  const { client, app } = useStation();
  const [busy, setBusy] = useState(false);
  const page = useCallback(
    (before?: number): Promise<Shown> =>
      client.listSecurityEvents({ query: { limit: PAGE, before, kind: kindsOf(choice) } }),
    [client, choice],
  );
  const load = useCallback(() => page(), [page]);
  const loaded = useLoaded(load);
  const shown = loaded.value;
  const older = () => {
    if (shown?.next == null) return;
    setBusy(true);
    page(shown.next)
      .then(
        ({ items, next }) => loaded.put({ items: [...shown.items, ...items], next }),
        (error: unknown) => app.say(problemText(error), 'error'),
      )
      .finally(() => setBusy(false));
  };
  return (
    <>
      <LoadState {...loaded} />
      {shown?.items.length === 0 ? (
        <div className="state">
          <Icon name="history" size={36} />
          <p>
            {t(choice === '' ? 'ui.security.empty' : shown.next === null ? 'ui.security.none.end' : 'ui.security.none')}
          </p>
        </div>
      ) : null}
      {shown && shown.items.length > 0 ? <EventTable items={shown.items} /> : null}
      {shown === null ? null : (
        <p className="list-foot">
          <span className="muted" role="status">
            {t('ui.security.shown', { n: shown.items.length })}
          </span>
          {shown.next === null ? null : (
            <Button isDisabled={busy} onPress={older}>
              {t('ui.security.older')}
            </Button>
          )}
        </p>
      )}
    </>
  );
}

function EventTable({ items }: { readonly items: readonly SecurityEvent[] }) {
  return (
    <table className="list events">
      <thead>
        <tr>
          <th scope="col">{t('ui.security.when')}</th>
          <th scope="col">{t('ui.security.what')}</th>
          <th scope="col">{t('ui.security.who')}</th>
          <th scope="col">{t('ui.security.details')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((event) => (
          <tr key={event.seq}>
            <td className="nowrap">
              <time dateTime={event.at} title={`${event.at} · ${event.seq} · ${event.hash}`}>
                {instant(event.at, 'exact')}
              </time>
            </td>
            <td>
              <span className="event-kind">
                {isGrave(event.kind) ? <Mark kind="warning" /> : null}
                {kindWords(event.kind)}
              </span>
            </td>
            <td>{whoWords(event.actor)}</td>
            <td className="event-details">{detailWords(event)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
