/** What differs between the browser and the window: how files get in and out. Everything else is the same page. */
import { type ElectronApplication, type FileChooser, type Page } from 'playwright-core';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchChromium } from './chromium.ts';
import { launchDesktop, type Desktop } from './electron.ts';
import { startStation, temporaryFolder, type E2eStation, type StationOptions } from './station.ts';

export interface Driver {
  readonly kind: 'browser' | 'electron';
  readonly page: Page;
  /** Through the file dialog, as a person would. */
  importFiles(files: readonly string[]): Promise<void>;
  /** Does `act` and gives the file that was saved by it. */
  saved(act: () => Promise<void>): Promise<{ readonly name: string; readonly bytes: Buffer }>;
  /** What the page reported: errors of scripts, of the content security policy, failed requests. */
  readonly complaints: readonly string[];
  /** Every address that was asked for outside the station's own origin. */
  readonly strangers: readonly string[];
  close(): Promise<void>;
}

export interface BrowserDriver extends Driver {
  readonly station: E2eStation;
}

function listen(page: Page, isOwn: (url: string) => boolean): { complaints: string[]; strangers: string[] } {
  const complaints: string[] = [];
  const strangers: string[] = [];
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!isOwn(request.url())) strangers.push(request.url());
  });
  return { complaints, strangers };
}

/** The page has its state from the server: from here on it answers keys. */
const started = (page: Page): Promise<void> => page.locator('.tally').waitFor();

const isLocal = (url: string): boolean => url.startsWith('blob:') || url.startsWith('data:');

export async function openBrowser(options: StationOptions & { readonly locale?: string } = {}): Promise<BrowserDriver> {
  const [station, browser] = await Promise.all([startStation(options), launchChromium()]);
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: options.locale ?? 'en-GB',
    acceptDownloads: true,
  });
  const page = await context.newPage();
  const heard = listen(page, (url) => isLocal(url) || url.startsWith(`${station.origin}/`));
  await page.goto(station.url);
  await started(page);
  return {
    kind: 'browser',
    station,
    page,
    ...heard,
    async importFiles(files) {
      const choosers: FileChooser[] = [];
      page.on('filechooser', (chooser) => choosers.push(chooser));
      // On a busy machine the key may come before the page listens: pressed again, as a person would.
      for (let tries = 0; tries < 20 && choosers.length === 0; tries += 1) {
        await page.keyboard.press('Control+o');
        await page.waitForTimeout(500 + tries * 100);
      }
      const [chooser] = choosers;
      if (!chooser) throw new Error('The file dialog did not open.');
      await chooser.setFiles([...files]);
    },
    async saved(act) {
      const download = page.waitForEvent('download');
      await act();
      const file = await download;
      return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
    },
    async close() {
      await browser.close();
      await station.stop();
    },
  };
}

export interface DesktopDriver extends Driver {
  readonly app: ElectronApplication;
  readonly data: string;
}

export async function openDesktop(
  desktop: Extract<Desktop, { binary: string }>,
  options: { readonly data?: string; readonly files?: readonly string[]; readonly workspace?: 'demo' | 'own' } = {},
): Promise<DesktopDriver> {
  const data = options.data ?? temporaryFolder();
  const app = await launchDesktop(desktop, { ...options, data });
  const page = await app.firstWindow();
  const heard = listen(page, (url) => isLocal(url) || url.startsWith('ap://app/'));
  // The first start on a machine compiles everything.
  await page.waitForURL('ap://app/**', { timeout: 90_000 });
  await started(page);
  return {
    kind: 'electron',
    app,
    data,
    page,
    ...heard,
    async importFiles(files) {
      // The system's own dialog cannot be driven: it answers at once, everything behind it is real.
      await app.evaluate(({ dialog }, filePaths) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [...filePaths] });
      }, files);
      await page.keyboard.press('Control+o');
    },
    async saved(act) {
      const folder = join(data, 'saved');
      mkdirSync(folder, { recursive: true });
      const named = await app.evaluateHandle(({ dialog }, target) => {
        const asked: { name?: string } = {};
        dialog.showSaveDialog = ((_window: unknown, { defaultPath }: { defaultPath: string }) => {
          asked.name = defaultPath;
          return Promise.resolve({ canceled: false, filePath: `${target}/${defaultPath}` });
        }) as typeof dialog.showSaveDialog;
        return asked;
      }, folder);
      await act();
      for (;;) {
        const { name } = await named.jsonValue();
        if (name !== undefined) {
          await page.waitForTimeout(300);
          return { name, bytes: readFileSync(join(folder, name)) };
        }
        await page.waitForTimeout(50);
      }
    },
    close: () => app.close(),
  };
}

/** Writes papers of a test into a folder and gives their paths. */
export function paperFiles(files: Readonly<Record<string, Uint8Array | string>>): string[] {
  const folder = temporaryFolder();
  return Object.entries(files).map(([name, content]) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  });
}
