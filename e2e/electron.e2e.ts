/** The whole job in a real Electron, and what only a window has. Skipped, loudly, where no Electron or no display can be had. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { seriousFindings } from './axe.ts';
import { openDesktop, paperFiles, type DesktopDriver } from './driver.ts';
import { desktopArguments, desktopEnvironment, findDesktop, launchDesktop } from './electron.ts';
import { confirmAndExport, correctTotal, findCorrectionAgain, importAndRead } from './journey.ts';
import { createInbox } from './pages/inbox.ts';
import { ublOf } from './papers.ts';
import { temporaryFolder } from './station.ts';

const desktop = await findDesktop();
if ('reason' in desktop) process.stdout.write(`\n!!! SKIPPED: the Electron tests, because ${desktop.reason}.\n\n`);

describe.skipIf('reason' in desktop)('in Electron', () => {
  if ('reason' in desktop) return;
  let driver: DesktopDriver;
  beforeAll(async () => {
    driver = await openDesktop(desktop);
  });
  afterAll(async () => {
    await driver.close();
    desktop.close();
  });

  test('the page has its few functions and nothing of Node', async () => {
    const seen = await driver.page.evaluate(() => ({
      desktop: Object.keys((globalThis as { desktop?: object }).desktop ?? {}),
      node: ['require', 'process', 'module', 'Buffer', '__dirname'].filter((name) => name in globalThis),
      origin: location.origin,
    }));
    expect(seen.desktop.toSorted()).toEqual([
      'chooseFolder',
      'onAction',
      'openFiles',
      'openSignIn',
      'platform',
      'saveFile',
      'setMenu',
    ]);
    expect(seen.node).toEqual([]);
    expect(seen.origin).toBe('ap://app');
  });

  test('the server listens on a private socket and on no port', async () => {
    const tcp = readFileSync('/proc/net/tcp', 'utf8');
    const status = await driver.page.evaluate(async () => (await fetch('/api/v1/status')).status);
    expect(status).toBe(200);
    expect(readFileSync('/proc/net/tcp', 'utf8').split('\n').length - tcp.split('\n').length).toBeLessThanOrEqual(1);
    const [path] = /\S*ap-\w+\/s$/m.exec(readFileSync('/proc/net/unix', 'utf8')) ?? [];
    expect(statSync(path!).mode & 0o777).toBe(0o600);
  });

  test('a file is imported through the dialog and read', () => importAndRead(driver));
  test('a wrong total is found, and cleared by a correction', () => correctTotal(driver));
  test('the correction is kept, with its history', () => findCorrectionAgain(driver));
  test('confirmed and exported into a file', () => confirmAndExport(driver));

  test('a second start hands its file over and ends', async () => {
    const paper = {
      number: 'SECOND-1',
      vendor: 'Second Start Ltd',
      issued: '2026-03-02',
      due: '2026-04-01',
      lines: [{ text: 'Tea', quantity: 1, price: 10 }],
      tax: 23,
    };
    const files = paperFiles({ 'second.xml': ublOf(paper) });
    const second = spawn(desktop.binary, desktopArguments(files), {
      env: desktopEnvironment(desktop, { data: driver.data }),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    second.stdout.on('data', (chunk: Buffer) => (output += String(chunk)));
    const [code] = (await once(second, 'exit')) as [number];
    expect(code).toBe(0);
    expect(output).toContain('READY ap://app');
    await createInbox(driver.page).goTo();
    await createInbox(driver.page).readRow('SECOND-1');
    expect(driver.app.windows()).toHaveLength(1);
  });

  test('the native menu is a view of the page’s actions', async () => {
    const labels = await driver.app.evaluate(({ Menu }) =>
      (Menu.getApplicationMenu()?.items ?? []).map((item) => ({
        label: item.label,
        ids: item.submenu?.items.map((entry) => entry.id) ?? [],
      })),
    );
    const actions = labels.find((menu) => menu.ids.includes('app.help') || menu.ids.includes('queue.export'));
    expect(actions?.ids.length).toBeGreaterThan(5);
    await driver.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('go.settings')?.click());
    await driver.page.locator('.screen-settings').waitFor();
  });

  test('the page cannot leave, open windows, or ask for anything', async () => {
    const { page, app } = driver;
    const before = page.url();
    await page.evaluate(() => {
      window.open('https://example.com/');
      location.href = 'https://example.com/';
    });
    await page.waitForTimeout(500);
    expect(page.url()).toBe(before);
    expect(app.windows()).toHaveLength(1);
    const asked = await page.evaluate(async () => ({
      notifications: await Notification.requestPermission(),
      camera: await navigator.mediaDevices.getUserMedia({ video: true }).then(
        () => 'granted',
        (error: Error) => error.name,
      ),
      elsewhere: await fetch('https://example.com/').then(
        () => 'loaded',
        () => 'refused',
      ),
      file: await fetch('file:///etc/passwd').then(
        () => 'loaded',
        () => 'refused',
      ),
    }));
    expect(asked.notifications).toBe('denied');
    expect(asked.camera).not.toBe('granted');
    expect(asked.elsewhere).toBe('refused');
    expect(asked.file).toBe('refused');
    // The driver still waits for the navigation that never came.
    await page.reload();
  });

  test('a server that is killed comes back, and the page with it', async () => {
    const { page } = driver;
    const pid = await driver.app.evaluate(async () => {
      const { readdirSync, readFileSync: read } = process.getBuiltinModule('node:fs');
      return readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map(Number)
        .find((candidate) => {
          try {
            return (
              read(`/proc/${candidate}/cmdline`, 'utf8').includes('server/start.js') &&
              read(`/proc/${candidate}/stat`, 'utf8').split(' ')[3] === String(process.pid)
            );
          } catch {
            return false;
          }
        });
    });
    process.kill(pid!, 'SIGKILL');
    await expect
      .poll(() => page.evaluate(() => fetch('/health').then((reply) => reply.status)), { timeout: 20_000 })
      .toBe(200);
    await createInbox(page).goTo();
    await createInbox(page).readRow('SECOND-1');
  });

  test('the window comes back where it was', async () => {
    await driver.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.setBounds({ x: 60, y: 50, width: 1111, height: 777 }),
    );
    await driver.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await expect
      .poll(() => statSync(join(driver.data, 'window', 'window.json'), { throwIfNoEntry: false })?.size ?? 0)
      .toBeGreaterThan(0);
    const state = JSON.parse(readFileSync(join(driver.data, 'window', 'window.json'), 'utf8')) as {
      bounds: { width: number; height: number };
    };
    expect(state.bounds).toMatchObject({ width: 1111, height: 777 });
    await once(driver.app.process(), 'exit').catch(() => undefined);
    driver = await openDesktop(desktop, { data: driver.data });
    const bounds = await driver.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
    expect(bounds).toMatchObject({ width: 1111, height: 777 });
    await createInbox(driver.page).readRow('SECOND-1');
  });

  test('a server that cannot run ends on a page that says so, with two ways on', async () => {
    const app = await launchDesktop(desktop, { data: temporaryFolder(), serverExec: '/bin/false' });
    try {
      const page = await app.firstWindow();
      await page.waitForURL('ap://app/__crash/', { timeout: 60_000 });
      expect(await page.locator('h1').innerText()).toBe('The station has stopped working');
      expect(await page.locator('main').innerText()).toContain('exit code 1');
      expect(await seriousFindings(page)).toEqual([]);
      const opened = app.evaluate(
        ({ shell }) =>
          new Promise<string>((resolve) => {
            shell.showItemInFolder = resolve;
          }),
      );
      await page.getByRole('link', { name: 'Show the log' }).click({ noWaitAfter: true });
      expect(await opened).toMatch(/server\.log$/);
      expect(page.url()).toBe('ap://app/__crash/');
    } finally {
      await app.close();
    }
  });
});
