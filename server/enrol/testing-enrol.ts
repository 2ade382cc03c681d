/** For tests: a station in this process, a real site, and people who sign in where the station sends them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DestinationStream } from 'pino';
import type { Enrolment, EnrolmentWish } from '../../core/contract/site-link-http.ts';
import type { Person, TestPeople } from '../access/testing-people.ts';
import { readConfig } from '../config.ts';
import { openStore, type OpenStore } from '../open-store.ts';
import { openStation, type Station } from '../station.ts';
import { until } from '../testing-client.ts';
import type { Sealer } from './secrets.ts';

export interface TestStation {
  readonly station: Station;
  readonly folder: string;
  readonly logged: () => string;
  close(): Promise<void>;
}

/** In a folder of its own, or in one that is there. */
export async function openTestStation(
  options: {
    readonly folder?: string;
    readonly sealer?: Sealer;
    readonly workspace?: 'demo' | 'own';
    /** The clock of its machine. */
    readonly now?: () => number;
    /** Puts something between the station and its database. */
    readonly between?: (opened: OpenStore) => OpenStore;
    /** Hears what it logs, too. */
    readonly logTo?: DestinationStream;
  } = {},
): Promise<TestStation> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'ap-station-'));
  let logged = '';
  const config = readConfig({ AP_DATA: folder, AP_THREADS: '1', AP_WORKSPACE: options.workspace ?? 'own' });
  const { sealer, now, between } = options;
  const logTo = {
    write(line: string) {
      logged += line;
      options.logTo?.write(line);
    },
  };
  const station = await openStation(config, {
    logTo,
    ...(now === undefined ? {} : { now }),
    ...(between === undefined ? {} : { opened: openStore(config, now).then(between) }),
    ...(sealer === undefined ? {} : { keyStore: () => Promise.resolve(sealer) }),
  });
  return {
    station,
    folder,
    logged: () => logged,
    async close() {
      await station.close();
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const stepOf = ({ site }: Station, step: Enrolment['step']): Promise<Enrolment> =>
  until(`the step ${step}`, async () => {
    const now = site.enrolments.current();
    return now?.step === step || now?.step === 'failed' ? now : undefined;
  });

const hidden = (text: string): string => /name="xsrf" value="([^"]+)"/.exec(text)?.[1] ?? '';

/** What the person does in the browser that the station has opened, or on the page of the code. */
export async function signInWhere(people: TestPeople, shown: Enrolment, who: Person): Promise<string> {
  const browser = people.browser();
  const first = await browser.open(shown.open ?? '');
  if (shown.userCode === null) {
    const end = await people.walk(browser, first, who);
    // Back on this machine.
    return (await fetch(end.url)).text();
  }
  const confirm = { user_code: shown.userCode, confirm: 'yes' };
  const page = await browser.open('/oidc/device', { xsrf: hidden(first.text), user_code: shown.userCode });
  const asked = await browser.open('/oidc/device', { xsrf: hidden(page.text), ...confirm });
  return (await people.walk(browser, asked, who)).text;
}

/** From the first click to the end, however it ends. */
export async function enrol(
  { station }: TestStation,
  people: TestPeople,
  who: Person,
  wish: Omit<EnrolmentWish, 'way'> & { readonly way?: EnrolmentWish['way'] },
): Promise<Enrolment> {
  station.site.enrolments.start({ way: 'browser', ...wish });
  const shown = await stepOf(station, 'signing-in');
  if (shown.step === 'failed') return shown;
  await signInWhere(people, shown, who);
  return stepOf(station, 'done');
}
