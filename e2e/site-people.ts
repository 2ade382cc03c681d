/** A whole site with the built web UI, people and stations; and how somebody signs in with a real browser. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { type Device, deviceProofText } from '../core/contract/access.ts';
import type { Role } from '../core/access/roles.ts';
import { PASSWORD, type Person } from '../server/access/testing-people.ts';
import { codeAt, fromBase32, stepAt } from '../server/access/totp.ts';
import { sitePlace, startServing, type TestServing } from '../server/site/testing.ts';
import { OUT, ROOT } from './station.ts';

export interface Named extends Person {
  readonly name: string;
}

export interface UiSite {
  readonly origin: string;
  readonly serving: TestServing;
  /** Invited and joined, under a name of one's own. */
  person(role: Role, name: string): Promise<Named>;
  /** A station of that person, as it is after it was connected. */
  device(who: Person, name: string): Promise<Device>;
  /** By a station's sign-in; resolves when the documents are read. */
  upload(who: Person, files: readonly string[]): Promise<void>;
  /** From the page of the password to the web UI. */
  signIn(page: Page, who: Person): Promise<void>;
  close(): Promise<void>;
}

async function json<T>(reply: Response): Promise<T> {
  if (!reply.ok) throw new Error(`${reply.url}: ${reply.status} ${await reply.text()}`);
  return (await reply.json()) as T;
}

/** The server of these tests runs from the sources and the user interface from what was built: they have to be of one piece. */
async function requireBuild(): Promise<void> {
  if (OUT !== join(ROOT, 'out')) return;
  const { href } = pathToFileURL(join(ROOT, 'scripts', 'setup', 'build.mjs'));
  const { isBuilt } = (await import(href)) as { isBuilt: () => boolean };
  if (!isBuilt()) throw new Error('out/ was built from other sources than these: `npm run build` makes it anew.');
}

/** `environment`: where it keeps its data, if not in files. */
export async function startUiSite(environment: Readonly<Record<string, string>> = {}): Promise<UiSite> {
  await requireBuild();
  const place = await sitePlace({ AP_UI: join(OUT, 'renderer'), ...environment });
  const serving = await startServing(place.config(undefined));
  const { people, site } = serving;
  const tokens = new Map<string, string>();
  const used = new Map<string, number>();
  /** A code works once: waits for the next half minute where it must. The clock of the server is that of the browser and stays where it is. */
  async function freshCode(who: Person): Promise<string> {
    while (stepAt(Date.now()) <= (used.get(who.id) ?? 0)) await new Promise((resolve) => setTimeout(resolve, 500));
    const step = stepAt(Date.now());
    used.set(who.id, step);
    return codeAt(fromBase32(who.totp ?? ''), step);
  }
  const tokenOf = async (who: Person): Promise<string> => {
    const known = tokens.get(who.id) ?? (await people.signIn(who)).access;
    tokens.set(who.id, known);
    return known;
  };
  return {
    origin: place.origin,
    serving,
    async person(role, name) {
      const login = `${name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@harbour.example`;
      const who = await people.person(role, 'main', login);
      const limits = role === 'approver' ? [{ currency: 'EUR', minor: '1000000' }] : [];
      await site.access.users.change('main', 'service:setup', who.id, { name, role, limits });
      return { ...who, name };
    },
    async device(who, name) {
      const { publicKey, privateKey } = generateKeyPairSync('ed25519');
      const key = publicKey.export({ format: 'jwk' }).x ?? '';
      const proof = sign(null, Buffer.from(deviceProofText(who.site, who.id, key)), privateKey).toString('base64url');
      const { access } = await people.signIn(who);
      used.set(who.id, stepAt(Date.now()));
      return json(await people.request('/api/v1/me/devices', access, { json: { name, publicKey: key, proof } }));
    },
    async upload(who, files) {
      const token = await tokenOf(who);
      const form = new FormData();
      for (const file of files) form.append('file', new Blob([readFileSync(file)]), basename(file));
      await json(await people.request('/api/v1/invoices/upload', token, { method: 'POST', body: form }));
      for (;;) {
        const { counters } = await json<{ counters: { jobsWaiting: number; jobsRunning: number; total: number } }>(
          await people.request('/api/v1/status', token),
        );
        if (counters.total >= files.length && counters.jobsWaiting + counters.jobsRunning === 0) return;
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
    },
    async signIn(page, who) {
      await page.fill('#login', who.login);
      await page.fill('#password', PASSWORD);
      await page.keyboard.press('Enter');
      await page.waitForURL((url) => !url.pathname.startsWith('/sign-in') || url.pathname.startsWith('/sign-in/'));
      const next = page.locator('.key, form[action$="/code"] #code, .topbar, .still');
      await next.first().waitFor();
      if (await page.locator('.key').isVisible()) {
        who.totp = ((await page.locator('.key').textContent()) ?? '').replaceAll(' ', '');
        await page.fill('#code', await freshCode(who));
        await page.keyboard.press('Enter');
        await page.locator('.codes').waitFor();
        await page.keyboard.press('Enter');
      } else if (await page.locator('form[action$="/code"]').isVisible()) {
        await page.fill('#code', await freshCode(who));
        await page.keyboard.press('Enter');
      }
    },
    async close() {
      await serving.close();
      place.cleanUp();
    },
  };
}

/** What the page says is wrong: all but the refusals that a test means to have, and the stream that ends with a sign-in. */
export function complaintsOf(context: BrowserContext): string[] {
  const complaints: string[] = [];
  context.on('page', (page) => {
    page.on('pageerror', (error) => complaints.push(`script: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of (?:401|403|409|412)|INCOMPLETE_CHUNKED/.test(message.text()))
        complaints.push(`${message.text()} ${message.location().url}`);
    });
  });
  return complaints;
}
