import { useMemo } from 'react';
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { ACTIONS, isEnabled } from '../actions.ts';
import { useApp, useReview, useStation } from '../station.ts';
import { money, statusName, t } from '../text.ts';
import { ActionButton, Keys } from '../ui/controls.tsx';
import { Icon, Mark } from '../ui/icons.tsx';
import { WaitingTag } from '../sync/waiting.tsx';
import { LanguageMenu } from './language-menu.tsx';
import { isClean, leftOf } from './progress.ts';
import type { Doc } from './review-store.ts';

/** Which document this is, how far it is, and what can be done with it. */
export function DocumentBar({ doc }: { readonly doc: Doc }) {
  const { header, document: file, status } = doc.shown;
  const side = useReview((s) => s.side);
  const gross = header.grossTotal?.value;
  const open = status === 'ready' || status === 'exception';
  return (
    <header className="document-bar">
      <ActionButton id="review.leave" icon="left" label={t('ui.action.leave')} />
      <ActionButton id="review.previous" icon="up" />
      <ActionButton id="review.next" icon="down" />
      <div className="document-title">
        <h1>{header.vendorName?.value ?? file.name}</h1>
        <p>
          <span>{header.invoiceNumber?.value ?? t('ui.review.noNumber')}</span>
          {gross ? <span className="document-gross">{money(gross, header.currency?.value ?? null)}</span> : null}
          <span className="muted ellipsis" title={file.name}>
            {file.name}
          </span>
        </p>
      </div>
      {open ? null : <span className={`status status-${status}`}>{statusName(status)}</span>}
      <WaitingTag invoice={doc.id} />
      <div className="document-actions">
        <LanguageMenu doc={doc} />
        <LeftCounter doc={doc} />
        <ActionButton id="edit.undo" icon="undo" />
        <ActionButton id="edit.redo" icon="redo" />
        <ActionButton id="review.history" icon="history" pressed={side === 'history'} />
        <MoreMenu />
        {open ? (
          <>
            <ActionButton id="review.hold" icon="pause" look="plain" labelled />
            <ActionButton id="review.reject" icon="cross" look="plain" labelled />
            <ActionButton id="review.confirm" domId="review-confirm" icon="check" look="primary" labelled showKeys />
          </>
        ) : (
          <ActionButton id="review.reopen" icon="undo" look="plain" labelled />
        )}
      </div>
    </header>
  );
}

/** "3 fields, 1 rule left"; also what is being saved. */
function LeftCounter({ doc }: { readonly doc: Doc }) {
  const left = useMemo(() => leftOf(doc.shown), [doc.shown]);
  const saving = doc.pending.length > 0;
  const offline = useApp((s) => s.connection === 'offline');
  const signedOut = useApp((s) => s.session !== 'open');
  if (doc.shown.status === 'reading') return <span className="left">{t('status.reading')}</span>;
  const { unreadable } = doc.shown.reading ?? {};
  if (unreadable && doc.shown.state === 'received')
    return (
      <span className="left left-open">
        <Mark kind="error" /> {t('ui.left.unread')}
      </span>
    );
  if (doc.shown.state !== 'received') return null;
  const words = [
    left.fields > 0 ? t('ui.left.fields', { n: left.fields }) : '',
    left.rules > 0 ? t('ui.left.rules', { n: left.rules }) : '',
  ].filter(Boolean);
  return (
    <span className={`left ${isClean(left) ? 'left-clean' : 'left-open'}`} role="status">
      <Mark kind={left.errors > 0 ? 'error' : isClean(left) ? 'sure' : 'doubtful'} />
      {isClean(left) ? t('ui.left.none') : t('ui.left', { what: words.join(', ') })}
      <span className={`saving ${saving ? 'saving-on' : ''}`}>
        {saving ? t(signedOut ? 'ui.saving.signIn' : offline ? 'ui.saving.later' : 'ui.saving') : ''}
      </span>
    </span>
  );
}

const MORE = [
  'review.force',
  'review.duplicate',
  'review.compare',
  'review.requestInfo',
  'review.reopen',
  'review.readAgain',
  'review.download',
  'review.erase',
] as const;

function MoreMenu() {
  const station = useStation();
  // Follows the document: what is possible depends on its state.
  useReview((s) => (s.id === null ? 0 : s.docs[s.id]?.server.revision));
  const items = ACTIONS.filter((a) => (MORE as readonly string[]).includes(a.id) && isEnabled(a, station));
  return (
    <MenuTrigger>
      <AriaButton className="button button-quiet button-icon" aria-label={t('ui.more')}>
        <Icon name="more" />
      </AriaButton>
      <Popover className="popover" placement="bottom end">
        <Menu
          className="menu"
          aria-label={t('ui.more')}
          onAction={(id) => items.find((a) => a.id === id)?.run(station)}
        >
          {items.map((a) => (
            <MenuItem key={a.id} id={a.id} className="menu-item" textValue={t(a.label)}>
              <span>{t(a.label)}</span>
              {a.keys[0] ? <Keys chord={a.keys[0]} /> : null}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
