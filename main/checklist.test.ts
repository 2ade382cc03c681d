/** Electron's security checklist (electronjs.org, Security): what the other tests do not run is read out of the sources here. */
import { expect, test } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { desktopCalls } from '../core/contract/desktop.ts';
import { crashPage } from './crash-page.ts';
import { EXTERNAL_HOSTS } from './navigation.ts';

const folder = import.meta.dirname;
const sources = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
);
const all = [...sources.values()].join('\n');
const windowSource = sources.get('window.ts') ?? '';

test('only secure content, only from our own scheme (1, 18)', () => {
  expect(all).not.toMatch(/loadFile\(|file:\/\/|http:\/\//);
  const loads = [...all.matchAll(/loadURL\(([^)]*)\)/g)].map((match) => match[1]);
  expect(new Set(loads)).toEqual(new Set(['HOME', 'CRASH']));
});

test('no Node in pages, isolated context, sandbox, web security, no insecure or experimental content, no webview (2-4, 6, 8-11)', () => {
  const wanted = {
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
  };
  for (const [name, value] of Object.entries(wanted)) expect(windowSource, name).toContain(`${name}: ${value},`);
  expect(all.match(/new BrowserWindow\(/g)).toHaveLength(1);
  expect(all).not.toContain('enableBlinkFeatures');
  expect(all).not.toContain('allowpopups');
  expect(sources.get('index.ts')).toContain('app.enableSandbox()');
});

test('permissions, devices and screens are denied (5)', () => {
  expect(windowSource).toContain('setPermissionRequestHandler((_contents, _permission, answer) => answer(false))');
  expect(windowSource).toContain('setPermissionCheckHandler(() => false)');
  expect(windowSource).toContain('setDevicePermissionHandler(() => false)');
});

test('a policy by header for every page that is not the server’s (7)', () => {
  const page = crashPage({ code: 1, log: '/l', data: '/d', language: 'en' });
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
});

test('what the crash page shows is escaped', async () => {
  const html = await crashPage({ code: 1, log: '<img src=x onerror=alert(1)>', data: '"&<b>', language: 'de' }).text();
  expect(html).not.toContain('<img');
  expect(html).toContain('&quot;&amp;&lt;b&gt;');
});

test('navigation, new windows and webviews are caught for every page there ever is (12-14)', () => {
  for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview'])
    expect(windowSource).toContain(`'${event}'`);
  expect(windowSource).toContain("return { action: 'deny' }");
  expect(sources.get('station.ts')).toContain("app.on('web-contents-created'");
});

test('no address of a page is opened outside that is not on the list, and the list is empty (15)', () => {
  expect(EXTERNAL_HOSTS).toEqual([]);
  // The other one opens what our own server waits for (sign-in.test.ts).
  expect(all.match(/shell\.openExternal/g)).toHaveLength(2);
  expect(all).not.toContain('shell.openPath');
});

test('the page gets a few named functions, each parsed by main, and never the messaging itself (17, 20)', () => {
  const preload = sources.get('preload.ts') ?? '';
  expect(preload.match(/exposeInMainWorld/g)).toHaveLength(1);
  const exposed = preload.slice(preload.indexOf('const desktop: Desktop = {'), preload.indexOf('contextBridge.expose'));
  const names = [...exposed.matchAll(/^ {2}(\w+)(?::|\()/gm)].map((match) => match[1]);
  expect(names.length).toBeLessThan(10);
  expect(names).toEqual(expect.arrayContaining(Object.keys(desktopCalls)));
  expect(all.match(/ipc(Main)?\.(on|handle|once)\(/g)).toEqual(['ipc.handle(']);
});

test('a current Electron, pinned (16)', () => {
  const manifest = JSON.parse(readFileSync(join(folder, '..', 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  expect(Number(manifest.devDependencies['electron']?.split('.')[0])).toBeGreaterThanOrEqual(45);
  expect(manifest.devDependencies['electron']).toMatch(/^\d+\.\d+\.\d+$/);
});
