import { expect, test, vi } from 'vitest';
import type { MenuItemConstructorOptions } from 'electron';
import { acceleratorOf, menuTemplate, type MenuOptions } from './menu.ts';

const options = (over: Partial<MenuOptions>): MenuOptions => ({
  language: 'en',
  items: [],
  mac: false,
  tools: false,
  openFiles: () => {},
  openFolder: () => {},
  run: () => {},
  ...over,
});
const submenu = (template: MenuItemConstructorOptions[], label: string): MenuItemConstructorOptions[] =>
  (template.find((item) => item.label === label)?.submenu ?? []) as MenuItemConstructorOptions[];

test('chords of the registry become accelerators', () => {
  expect(acceleratorOf('Ctrl+Shift+Enter')).toBe('CommandOrControl+Shift+Enter');
  expect(acceleratorOf('Alt+Down')).toBe('Alt+Down');
  expect(acceleratorOf('Esc')).toBe('Escape');
  expect(acceleratorOf('Ctrl++')).toBe('CommandOrControl+Plus');
  expect(acceleratorOf('/')).toBe('/');
  expect(acceleratorOf('')).toBeUndefined();
  expect(acceleratorOf('Ctrl+Nonsense')).toBeUndefined();
});

test('the actions menu is a view of the registry: labels, states, and a click that runs by id', () => {
  const run = vi.fn();
  const template = menuTemplate(
    options({
      run,
      items: [
        { id: 'invoice.confirm', label: 'Bestätigen', keys: 'Ctrl+Enter', enabled: true },
        { id: 'edit.undo', label: 'Rückgängig', keys: '', enabled: false },
      ],
    }),
  );
  const [confirm, undo] = submenu(template, 'Actions');
  expect(confirm).toMatchObject({
    label: 'Bestätigen',
    enabled: true,
    accelerator: 'CommandOrControl+Enter',
    registerAccelerator: false,
  });
  expect(undo).toMatchObject({ enabled: false });
  expect(undo).not.toHaveProperty('accelerator');
  (confirm!.click as () => void)();
  expect(run).toHaveBeenCalledWith('invoice.confirm');
});

const viewRoles = (tools: boolean): unknown[] =>
  submenu(menuTemplate(options({ tools })), 'View').map((item) => item.role);

test('developer tools are only in builds from source', () => {
  expect(viewRoles(true)).toContain('toggleDevTools');
  expect(viewRoles(false)).not.toContain('toggleDevTools');
});

test('speaks German', () => {
  expect(menuTemplate(options({ language: 'de' })).map((item) => item.label)).toContain('Datei');
});
