/** Who is signed in, and what is this person's own: devices, the way out. At a station there is nothing to say. */
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { actionById, isOffered, runAction } from '../actions.ts';
import { useApp, useStation } from '../station.ts';
import { t } from '../text.ts';
import { Icon } from '../ui/icons.tsx';

const ITEMS = [
  ['go.devices', 'ui.account.devices'],
  ['go.settings', 'ui.nav.settings'],
  ['go.about', 'ui.action.go.about'],
  ['session.signOut', 'ui.action.signOut'],
] as const;

/** First letters of the first and the last word. */
export function initials(name: string): string {
  const words = name.split(/[\s.@_-]+/u).filter(Boolean);
  const chosen = words.length > 1 ? [words[0]!, words.at(-1)!] : words;
  return chosen.map((word) => Array.from(word)[0]!.toLocaleUpperCase()).join('');
}

export function UserMenu() {
  const station = useStation();
  const me = useApp((s) => s.me);
  if (me === null) return null;
  return (
    <MenuTrigger>
      <AriaButton className="button button-quiet user-button" aria-label={t('ui.account', { name: me.name })}>
        {/* Drawn, not said: the name stands beside it or in the label. */}
        <span className="initials" data-initials={initials(me.name)} aria-hidden="true" />
        <span className="user-name ellipsis">{me.name}</span>
        <Icon name="down" size={10} />
      </AriaButton>
      <Popover className="popover" placement="bottom end">
        <div className="user-card">
          <b>{me.name}</b>
          <span className="muted">{me.login}</span>
          <span className="muted">{t('ui.account.at', { role: t(`ui.role.${me.role}`), site: me.site })}</span>
        </div>
        <Menu
          className="menu"
          aria-label={t('ui.account', { name: me.name })}
          onAction={(id) => runAction(station, String(id))}
        >
          {ITEMS.filter(([id]) => isOffered(actionById(id)!, station)).map(([id, label]) => (
            <MenuItem key={id} id={id} className="menu-item" textValue={t(label)}>
              {t(label)}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
