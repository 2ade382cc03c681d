/** The few named functions the page gets. Runs sandboxed: it can load `electron` and nothing else. */
import { contextBridge, ipcRenderer } from 'electron';
import type { Desktop, DesktopCall } from '../core/contract/desktop.ts';

const call = <T>(name: DesktopCall, ...args: unknown[]): Promise<T> =>
  ipcRenderer.invoke(`desktop:${name}`, ...args) as Promise<T>;

const desktop: Desktop = {
  platform: process.platform,
  openFiles: () => call<number>('openFiles'),
  chooseFolder: () => call<string | null>('chooseFolder'),
  saveFile: (name, bytes) => call<boolean>('saveFile', name, bytes),
  onAction(listener) {
    const relay = (_event: unknown, id: unknown): void => {
      if (typeof id === 'string') listener(id);
    };
    ipcRenderer.on('desktop:action', relay);
    return () => void ipcRenderer.removeListener('desktop:action', relay);
  },
  openSignIn: () => call<boolean>('openSignIn'),
  setMenu: (items) => void call<void>('setMenu', items),
};

contextBridge.exposeInMainWorld('desktop', desktop);
