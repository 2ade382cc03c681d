/** The parts of a station that concern its site, put together for `station.ts`. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../log.ts';
import type { OpenStore } from '../open-store.ts';
import { VERSION } from '../version.ts';
import { createEnrolments, type Enrolments } from './enrolment.ts';
import { placeOf } from './incarnation.ts';
import { createStationLink, type StationLink } from './link.ts';
import { openLinkStore } from './link-store.ts';
import { createFileSecrets, type Sealer, type Secrets } from './secrets.ts';

export interface StationSite {
  readonly link: StationLink;
  readonly enrolments: Enrolments;
  readonly secrets: Pick<Secrets, 'keyStore' | 'path'>;
  /** Not in the demo: its invoices are nobody's. */
  readonly mayConnect: boolean;
  /** As people call this machine; without its domain. */
  readonly machine: string;
  close(): void;
}

export interface StationSiteParts {
  readonly opened: Pick<OpenStore, 'store' | 'link'>;
  /** The workspace's folder. */
  readonly folder: string;
  readonly isDemo: boolean;
  readonly log: Log;
  readonly now: () => number;
  readonly plainHosts: readonly string[];
  readonly keyStore?: (() => Promise<Sealer | undefined>) | undefined;
  /** The connection, or the way to it, is another now. */
  readonly onChange: () => void;
  /** For tests. */
  readonly ca?: readonly string[];
}

const PLATFORMS: Readonly<Record<string, string>> = { darwin: 'macOS', linux: 'Linux', win32: 'Windows' };

/** Before anything is written: a database that was copied becomes another device here. */
export async function openStationSite(parts: StationSiteParts): Promise<StationSite> {
  const { opened, folder, log, now, onChange } = parts;
  const secrets = createFileSecrets(join(folder, 'keys.json'), parts.keyStore);
  const link = createStationLink({
    store: await openLinkStore(opened.link),
    secrets,
    log,
    now,
    newMark: randomUUID,
    place: placeOf(folder),
    ...(parts.ca && { ca: parts.ca }),
  });
  await link.begin();
  link.onChange(onChange);
  const machine = hostname().split('.')[0]?.slice(0, 200) || 'Station';
  const enrolments = createEnrolments({
    link,
    secrets,
    log,
    now,
    onChange,
    newId: randomUUID,
    plainHosts: parts.plainHosts,
    device: () => opened.store.device,
    renewDevice: () => opened.link.renewDevice(),
    hasSynced: () => opened.link.hasSynced(),
    machine: { name: machine, platform: PLATFORMS[process.platform] ?? process.platform, version: VERSION },
  });
  return {
    link,
    enrolments,
    secrets,
    mayConnect: !parts.isDemo,
    machine,
    close() {
      enrolments.cancel();
      link.close();
    },
  };
}
