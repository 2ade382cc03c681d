/** Ctrl+K: every action that is possible now, found by typing. */
import { useMemo, useState } from 'react';
import { Autocomplete, Dialog, Input, Menu, MenuItem, Modal, ModalOverlay, SearchField } from 'react-aria-components';
import { ACTIONS, isEnabled } from '../actions.ts';
import { fold } from '../review/suggest.ts';
import { useStation } from '../station.ts';
import { t } from '../text.ts';
import { Keys } from './controls.tsx';

/** Every word typed must begin a word of the label. */
export function matches(label: string, typed: string): boolean {
  const words = fold(label).split(/[^\p{L}\p{N}]+/u);
  return fold(typed)
    .split(' ')
    .every((part) => part === '' || words.some((word) => word.startsWith(part)));
}

export function Palette() {
  const station = useStation();
  const close = () => station.app.close();
  const [typed, setTyped] = useState('');
  const items = useMemo(() => ACTIONS.filter((a) => !a.keyOnly && isEnabled(a, station)), [station]);
  return (
    <ModalOverlay className="overlay overlay-top" isOpen isDismissable onOpenChange={(open) => !open && close()}>
      <Modal className="modal modal-palette">
        <Dialog className="dialog" aria-label={t('ui.action.palette')}>
          {/* One Escape closes it, whatever was typed: the field would only clear itself. */}
          <div
            role="presentation"
            onKeyDownCapture={(event) => {
              if (event.key !== 'Escape') return;
              event.stopPropagation();
              close();
            }}
          >
            <Autocomplete filter={matches} inputValue={typed} onInputChange={setTyped}>
              <SearchField className="palette-search" aria-label={t('ui.palette.search')} autoFocus>
                <Input className="palette-input" placeholder={t('ui.palette.search')} />
              </SearchField>
              <div className="palette-scroll" role="region" aria-label={t('ui.palette.actions')} tabIndex={0}>
                <Menu
                  className="palette-list"
                  aria-label={t('ui.palette.actions')}
                  items={items}
                  onAction={(key) => {
                    close();
                    // After the dialog has given the focus back.
                    setTimeout(() => items.find((a) => a.id === key)?.run(station), 0);
                  }}
                  renderEmptyState={() => <div className="palette-empty">{t('ui.palette.none')}</div>}
                >
                  {(action) => (
                    <MenuItem id={action.id} className="palette-item" textValue={t(action.label)}>
                      <span>{t(action.label)}</span>
                      <span className="palette-group">{t(`ui.group.${action.group}`)}</span>
                      {action.keys[0] ? <Keys chord={action.keys[0]} /> : null}
                    </MenuItem>
                  )}
                </Menu>
              </div>
            </Autocomplete>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
