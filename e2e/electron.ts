/** The desktop program in a real Electron, under a display that exists or one made for it; or the reason why that cannot be had here. */
import { _electron, type ElectronApplication } from 'playwright-core';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { electronRuntime } from './electron-runtime.ts';
import { ROOT } from './station.ts';

export type Desktop =
  | { readonly binary: string; readonly display: string; close(): void }
  | { readonly reason: string };

async function openDisplay(): Promise<{ display: string; server: ChildProcess | undefined } | undefined> {
  if (process.env['DISPLAY']) return { display: process.env['DISPLAY'], server: undefined };
  if (spawnSync('Xvfb', ['-help']).error) return undefined;
  for (let number = 90 + (process.pid % 400); ; number += 1) {
    if (existsSync(`/tmp/.X11-unix/X${number}`)) continue;
    const server = spawn('Xvfb', [`:${number}`, '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
      stdio: 'ignore',
    });
    for (let tries = 0; tries < 100 && server.exitCode === null; tries += 1) {
      if (existsSync(`/tmp/.X11-unix/X${number}`)) return { display: `:${number}`, server };
      await sleep(50);
    }
    return undefined;
  }
}

export async function findDesktop(): Promise<Desktop> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { reason: 'the test runtime exists for Linux on x64 only' };
  let binary: string;
  try {
    binary = await electronRuntime(join(ROOT, '.cache', 'electron-33'));
  } catch (error) {
    return { reason: `the Electron test runtime could not be had: ${String(error)}` };
  }
  const missing = [...spawnSync('ldd', [binary], { encoding: 'utf8' }).stdout.matchAll(/^\s*(\S+) => not found/gm)];
  if (missing.length > 0)
    return { reason: `system libraries are missing: ${missing.map((match) => match[1]).join(', ')}` };
  const screen = await openDisplay();
  if (!screen) return { reason: 'there is no display and no Xvfb' };
  return { binary, display: screen.display, close: () => void screen.server?.kill() };
}

export interface LaunchOptions {
  readonly data: string;
  readonly files?: readonly string[];
  readonly workspace?: 'demo' | 'own';
  /** Runs the server in place of the project's Node. */
  readonly serverExec?: string;
}

export const desktopArguments = (files: readonly string[] = []): string[] => [
  // Chromium has no sandbox for root; a normal user tests the real one.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--lang=en-US',
  ROOT,
  ...files,
];

export const desktopEnvironment = (
  desktop: { display: string },
  { data, workspace, serverExec }: LaunchOptions,
): Record<string, string> => ({
  ...(process.env as Record<string, string>),
  DISPLAY: desktop.display,
  AP_DATA: data,
  AP_WORKSPACE: workspace ?? 'own',
  // better-sqlite3 needs Node-API 10, which the Node inside Electron 33 does not have: the server runs on the project's Node, as the product's will.
  AP_SERVER_EXEC: serverExec ?? process.execPath,
});

export const launchDesktop = (
  desktop: { binary: string; display: string },
  options: LaunchOptions,
): Promise<ElectronApplication> =>
  _electron.launch({
    executablePath: desktop.binary,
    args: desktopArguments(options.files),
    env: desktopEnvironment(desktop, options),
    timeout: 60_000,
  });
