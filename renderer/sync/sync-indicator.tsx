/** How the station stands with its site: a word in the corner, and all of it in a popover. Never in the way of work; not there where there is no site. */
import { Button as AriaButton, Dialog, DialogTrigger, Heading, Popover } from 'react-aria-components';
import type { SyncView } from '../../core/contract/station-sync-http.ts';
import { problemText } from '../problem.ts';
import { routeHash } from '../route.ts';
import { useApp, useStation } from '../station.ts';
import { instant, t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Icon, Mark } from '../ui/icons.tsx';
import { changeText, refusalText, stateText } from './sync-words.ts';

export function SyncIndicator() {
  const sync = useApp((s) => s.sync);
  if (sync === null || sync.state === 'off') return null;
  return (
    <DialogTrigger>
      <AriaButton className={`button button-quiet sync-button sync-${sync.state}`}>
        <StateMark state={sync.state} />
        <span className="sync-word">{stateText(sync)}</span>
      </AriaButton>
      <Popover className="popover" placement="bottom end">
        <Dialog className="sync-card" aria-label={t('ui.sync')}>
          {({ close }) => <SyncCard sync={sync} close={close} />}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

/** Never by colour alone. */
function StateMark({ state }: Pick<SyncView, 'state'>) {
  if (state === 'attention') return <Mark kind="warning" />;
  if (state === 'offline') return <Icon name="offline" />;
  if (state === 'syncing') return <span className="spinner" aria-hidden="true" />;
  return <Icon name="check" />;
}

function SyncCard({ sync, close }: { readonly sync: SyncView; readonly close: () => void }) {
  const { client, app } = useStation();
  const tryNow = () => {
    client.syncNow({ body: {} }).then(
      (next) => app.showSync(next),
      (error: unknown) => app.say(problemText(error), 'error'),
    );
  };
  return (
    <>
      <Heading slot="title">{t('ui.sync.title', { site: sync.site ?? '' })}</Heading>
      {sync.attention.length > 0 ? null : <p>{stateText(sync)}</p>}
      <Attention sync={sync} />
      <Waiting sync={sync} />
      <Conflicts sync={sync} close={close} />
      <Refused sync={sync} close={close} />
      <p className="muted">
        {sync.heardAt === null ? t('ui.sync.unheard') : t('ui.sync.heard', { at: instant(sync.heardAt) })}{' '}
        {sync.retryAt === null ? null : t('ui.sync.retry', { at: instant(sync.retryAt, 'exact') })}{' '}
        {sync.state === 'up-to-date' ? null : t('ui.sync.work')}
      </p>
      <div className="sync-ways">
        <Button look="primary" onPress={tryNow}>
          {t('ui.sync.now')}
        </Button>
        <a href={routeHash({ screen: 'settings' })} onClick={() => close()}>
          {t('ui.sync.settings')}
        </a>
      </div>
    </>
  );
}

const WAYS = ['send', 'fetch', 'uploads', 'downloads'] as const;

function Waiting({ sync: { waiting, undecided } }: { readonly sync: SyncView }) {
  const open = WAYS.filter((way) => waiting[way] > 0);
  if (open.length === 0 && undecided.n === 0) return <p className="muted">{t('ui.sync.calm')}</p>;
  return (
    <section>
      <h3>{t('ui.sync.waiting')}</h3>
      <ul>
        {open.map((way) => (
          <li key={way}>{t(`ui.sync.${way}`, { n: waiting[way] })}</li>
        ))}
        {undecided.n === 0 ? null : <li>{t('ui.sync.undecided', { n: undecided.n })}</li>}
      </ul>
    </section>
  );
}

function Attention({ sync: { attention, deferred } }: { readonly sync: SyncView }) {
  if (attention.length === 0) return null;
  return (
    <section>
      <h3>{t('ui.sync.attention')}</h3>
      <ul>
        {attention.map((reason) => (
          <li key={reason}>{t(`ui.sync.attention.${reason}`, { n: deferred })}</li>
        ))}
      </ul>
    </section>
  );
}

function Conflicts({ sync: { conflicts }, close }: { readonly sync: SyncView; readonly close: () => void }) {
  if (conflicts.cells === 0) return null;
  return (
    <section>
      <h3>{t('ui.sync.conflicts')}</h3>
      <ul>
        {conflicts.first.map(({ invoice, name }) => (
          <li key={invoice}>
            <a href={routeHash({ screen: 'review', id: invoice })} onClick={() => close()}>
              {name}
            </a>
          </li>
        ))}
        {conflicts.invoices > conflicts.first.length ? <li>{t('ui.sync.conflicts.more')}</li> : null}
      </ul>
      <a className="sync-settle" href={routeHash({ screen: 'conflicts' })} onClick={() => close()}>
        {t('ui.sync.conflicts.all')}
      </a>
    </section>
  );
}

function Refused({ sync: { refused }, close }: { readonly sync: SyncView; readonly close: () => void }) {
  const { client, app } = useStation();
  if (refused.length === 0) return null;
  const seen = () => {
    client.sawRefused({ body: { ops: refused.map(({ op }) => op) } }).then(
      (next) => app.showSync(next),
      (error: unknown) => app.say(problemText(error), 'error'),
    );
  };
  return (
    <section>
      <h3>{t('ui.sync.refused')}</h3>
      <ul>
        {refused.map((one) => (
          <li key={one.op}>
            <a href={routeHash({ screen: 'review', id: one.invoice })} onClick={() => close()}>
              {changeText(one)}
            </a>
            {': '}
            {refusalText(one.code)}
            <span className="muted"> {instant(one.at)}</span>
          </li>
        ))}
      </ul>
      <Button onPress={seen}>{t('ui.sync.refused.seen')}</Button>
    </section>
  );
}
