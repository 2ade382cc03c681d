/** A site on a real Postgres and two desks: Ada's station in a real browser, and Bruno's, which is connected to the site. */
import type { Browser } from 'playwright-core';
import { Correction } from '../core/contract/http.ts';
import type { Invoice } from '../core/contract/invoice.ts';
import { enrol, openTestStation, type TestStation } from '../server/enrol/testing-enrol.ts';
import { correctionOf } from '../server/testing-client.ts';
import { launchChromium } from './chromium.ts';
import { type BrowserDriver, openBrowser } from './driver.ts';
import { startPostgresUiSite } from './postgres-site.ts';
import type { Named, UiSite } from './site-people.ts';

export interface TwoDesks {
  readonly site: UiSite;
  /** Where people sign in. */
  readonly browser: Browser;
  readonly ada: Named;
  readonly driver: BrowserDriver;
  readonly colleague: TestStation;
  close(): Promise<void>;
}

export interface DesksWish {
  /** On Ada's desk. */
  readonly imports: readonly string[];
  /** Of Bruno, before his desk is connected. */
  readonly before?: (colleague: TestStation) => Promise<void>;
}

export async function openTwoDesks({ imports, before }: DesksWish): Promise<TwoDesks> {
  const started = await startPostgresUiSite();
  const { site } = started;
  const browser = await launchChromium();
  const ada = await site.person('reviewer', 'Ada Hafner');
  const bruno = await site.person('reviewer', 'Bruno Keel');
  const driver = await openBrowser({ workspace: 'own', imports });
  const colleague = await openTestStation();
  await colleague.station.start({ watch: false });
  await before?.(colleague);
  await enrol(colleague, site.serving.people, bruno, { address: site.origin });
  return {
    site,
    browser,
    ada,
    driver,
    colleague,
    async close() {
      await colleague.close();
      await driver.close();
      await browser.close();
      await started.stop();
    },
  };
}

/** The colleague corrects what he saw. */
export async function correctAt(
  { station: { context } }: TestStation,
  seen: Invoice,
  field: keyof Invoice['header'],
  value: string,
  reason?: string,
): Promise<void> {
  const correction = Correction.parse({ ...correctionOf(seen, field, value), opId: context.newId(), reason });
  await context.review.correct(seen.id, [correction]);
}
