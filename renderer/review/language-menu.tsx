import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { OCR_LANGUAGES } from '../../core/contract/settings.ts';
import { actionById, isEnabled } from '../actions.ts';
import { languageName } from '../language-names.ts';
import { useStation } from '../station.ts';
import { t } from '../text.ts';
import { Icon } from '../ui/icons.tsx';
import type { Doc } from './review-store.ts';

/** The languages that a scan was read in, and the way to read it again in another. A PDF's own text was not recognised: nothing is shown. */
export function LanguageMenu({ doc }: { readonly doc: Doc }) {
  const station = useStation();
  const pages = doc.shown.reading?.pages ?? [];
  const used = [...new Set(pages.flatMap((page) => (page.source === 'ocr' ? (page.languages ?? []) : [])))];
  if (used.length === 0) return null;
  const names = used.map(languageName).join(', ');
  const offered = OCR_LANGUAGES.filter((code) => used.length > 1 || code !== used[0]);
  const again = actionById(`review.readIn.${OCR_LANGUAGES[0]}`);
  const possible = again !== undefined && isEnabled(again, station);
  if (!possible) return <span className="muted">{names}</span>;
  return (
    <MenuTrigger>
      <AriaButton
        className="button button-quiet language-button"
        aria-label={t('ui.review.readIn', { languages: names })}
      >
        {names}
        <Icon name="down" size={10} />
      </AriaButton>
      <Popover className="popover" placement="bottom end">
        <Menu
          className="menu"
          aria-label={t('ui.review.readIn', { languages: names })}
          onAction={(id) => actionById(`review.readIn.${String(id)}`)?.run(station)}
        >
          {offered.map((code) => (
            <MenuItem key={code} id={code} className="menu-item" textValue={t(`ui.action.readIn.${code}`)}>
              {t(`ui.action.readIn.${code}`)}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
