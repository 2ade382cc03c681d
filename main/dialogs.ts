/** The native dialogs, in the system's language. */
import { dialog, type BrowserWindow } from 'electron';
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Language } from '../core/text/format.ts';
import { text } from '../core/text/text.ts';
import { EXTENSIONS, type UploadReport } from './files.ts';

export interface Dialogs {
  chooseFiles(window: BrowserWindow): Promise<string[]>;
  chooseFolder(window: BrowserWindow): Promise<string | null>;
  saveFile(window: BrowserWindow, name: string, bytes: Uint8Array): Promise<boolean>;
  tellRefused(window: BrowserWindow, report: UploadReport): Promise<void>;
  tellFailed(window: BrowserWindow, detail: string): Promise<void>;
}

export function createDialogs(language: Language): Dialogs {
  return {
    async chooseFiles(window) {
      const { filePaths } = await dialog.showOpenDialog(window, {
        title: text(language, 'desktop.chooseFiles'),
        properties: ['openFile', 'multiSelections'],
        filters: [
          { name: text(language, 'desktop.documents'), extensions: EXTENSIONS },
          { name: text(language, 'desktop.allFiles'), extensions: ['*'] },
        ],
      });
      return filePaths;
    },
    async chooseFolder(window) {
      const { filePaths } = await dialog.showOpenDialog(window, {
        title: text(language, 'desktop.chooseFolder'),
        properties: ['openDirectory', 'createDirectory'],
      });
      return filePaths[0] ?? null;
    },
    async saveFile(window, name, bytes) {
      // The name is only an offer of the page's: never a path.
      const { filePath, canceled } = await dialog.showSaveDialog(window, { defaultPath: basename(name) });
      if (canceled || !filePath) return false;
      await writeFile(filePath, bytes);
      return true;
    },
    async tellRefused(window, report) {
      const detail = report.refused.map((entry) => `${entry.file}: ${entry.detail}`).join('\n');
      await dialog.showMessageBox(window, { type: 'warning', message: text(language, 'desktop.refused'), detail });
    },
    async tellFailed(window, detail) {
      await dialog.showMessageBox(window, {
        type: 'error',
        message: text(language, 'desktop.uploadFailed', { detail }),
      });
    },
  };
}
