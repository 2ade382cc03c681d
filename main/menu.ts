/** The native menu: a view of the page's action registry, beside the few things only the window can do. */
import type { MenuItemConstructorOptions } from 'electron';
import type { MenuItem } from '../core/contract/desktop.ts';
import type { Language } from '../core/text/format.ts';
import { text } from '../core/text/text.ts';

export interface MenuOptions {
  readonly language: Language;
  readonly items: readonly MenuItem[];
  readonly mac: boolean;
  /** Developer tools are for builds from source. */
  readonly tools: boolean;
  readonly openFiles: () => void;
  readonly openFolder: () => void;
  readonly run: (id: string) => void;
}

const ARROWS: Record<string, string> = { Left: 'Left', Right: 'Right', Up: 'Up', Down: 'Down' };

/** `Ctrl+Shift+Enter` of the registry -> Electron's accelerator; undefined for chords that it cannot show. */
export function acceleratorOf(keys: string): string | undefined {
  const parts = (keys === '+' ? ['Plus'] : keys.replace(/\+\+$/, '+Plus').split('+')).filter((part) => part !== '');
  const last = parts.at(-1);
  if (last === undefined) return undefined;
  const key = ARROWS[last] ?? (last === 'Esc' ? 'Escape' : last);
  if (
    !/^([\x21-\x7e]|F\d{1,2}|Plus|Space|Tab|Backspace|Delete|Insert|Enter|Escape|Home|End|PageUp|PageDown|Up|Down|Left|Right)$/.test(
      key,
    )
  )
    return undefined;
  return [...parts.slice(0, -1).map((part) => (part === 'Ctrl' ? 'CommandOrControl' : part)), key].join('+');
}

function actionItem(item: MenuItem, run: (id: string) => void): MenuItemConstructorOptions {
  const accelerator = acceleratorOf(item.keys);
  return {
    id: item.id,
    label: item.label,
    enabled: item.enabled,
    click: () => run(item.id),
    // Shown, not registered: the page handles its keys itself, and a field that has the focus comes first.
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
  };
}

export function menuTemplate({
  language,
  items,
  mac,
  tools,
  openFiles,
  openFolder,
  run,
}: MenuOptions): MenuItemConstructorOptions[] {
  const file: MenuItemConstructorOptions[] = [
    // Ctrl+O is in the page's registry already.
    {
      id: 'open',
      label: text(language, 'desktop.open'),
      accelerator: 'CommandOrControl+O',
      registerAccelerator: false,
      click: openFiles,
    },
    {
      id: 'openFolder',
      label: text(language, 'desktop.openFolder'),
      accelerator: 'CommandOrControl+Shift+O',
      click: openFolder,
    },
    { type: 'separator' },
    { role: mac ? 'close' : 'quit' },
  ];
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
    ...(tools ? ([{ role: 'reload' }, { role: 'toggleDevTools' }] as MenuItemConstructorOptions[]) : []),
  ];
  return [
    ...(mac ? ([{ role: 'appMenu' }] as MenuItemConstructorOptions[]) : []),
    { label: text(language, 'desktop.file'), submenu: file },
    { label: text(language, 'desktop.edit'), role: 'editMenu' },
    ...(items.length > 0
      ? [{ label: text(language, 'desktop.actions'), submenu: items.map((item) => actionItem(item, run)) }]
      : []),
    { label: text(language, 'desktop.view'), submenu: view },
    { label: text(language, 'desktop.window'), role: 'windowMenu' },
  ];
}
