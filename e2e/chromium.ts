/** A real Chromium: the system's where there is one, else the one in the npm package made for machines without any. */
import chromiumPackage from '@sparticuz/chromium';
import { chromium, type Browser } from 'playwright-core';
import { existsSync } from 'node:fs';

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** No calls home; they would be refused here anyway, many at a time. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  '--disable-gpu',
];

export async function launchChromium(): Promise<Browser> {
  const asked = process.env['AP_CHROMIUM'];
  const system = asked && asked !== 'package' ? asked : SYSTEM.find((path) => existsSync(path));
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  if (system && asked !== 'package') return chromium.launch({ executablePath: system, args: [...QUIET, ...root] });
  // Told that it runs in a function service, the package unpacks the libraries that a bare machine lacks as well.
  process.env['AWS_EXECUTION_ENV'] ??= 'AWS_Lambda_nodejs22.x';
  return chromium.launch({
    executablePath: await chromiumPackage.executablePath(),
    args: [...chromiumPackage.args, ...QUIET],
  });
}
