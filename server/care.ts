/**
 * Looks after the database: copies of it every four hours where something has changed, and at the end of the station; threads of it that ended, and damage,
 * go to the log and the metrics. Copies are made and verified on a thread of their own.
 */
import { createLane } from './lane.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { BackupOutcome } from './store/sqlite/backups.ts';
import type { Care, StoreEvent } from './store/sqlite/create.ts';

const EVERY_MS = 4 * 3_600_000;
/** How often to look: a machine that slept, or a station that ended otherwise, is not four hours late. */
const LOOK_MS = 10 * 60_000;
const FIRST_LOOK_MS = 60_000;
/** A second or two of copying; who closes the window must not wait for more. The next look after a start makes up for it. */
const MAX_AT_END_BYTES = 512 * 1024 * 1024;

export interface Caretaker {
  start(): void;
  /** Makes a copy where one is due; never rejects, what fails is logged and counted. */
  look(): Promise<BackupOutcome | undefined>;
  /** The last copy, where something has changed since the one before. */
  close(): Promise<void>;
}

interface Parts {
  readonly care: Care;
  readonly folder: string;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'backups' | 'lastBackup' | 'storeRestarts' | 'damaged'>;
  readonly now: () => number;
}

type Terms = Pick<Parameters<Care['keepBackup']>[0], 'minAgeMs' | 'verify' | 'maxBytes'>;

export function createCaretaker({ care, folder, log, metrics, now }: Parts): Caretaker {
  const lane = createLane();
  let timer: NodeJS.Timeout | undefined;
  let damaged = false;

  care.onEvent((event: StoreEvent) => {
    if (event.kind === 'thread-ended') {
      metrics.storeRestarts.inc({ thread: event.thread });
      log.error('database thread ended and is started again', { thread: event.thread, error: event.cause });
      return;
    }
    damaged = true;
    metrics.damaged.set(1);
    log.error('database damaged', { error: event.error });
  });

  const told = (outcome: BackupOutcome): BackupOutcome => {
    const newest = outcome.kind === 'made' ? outcome.at : outcome.newest;
    metrics.lastBackup.set(newest === null ? 0 : Date.parse(newest) / 1_000);
    if (outcome.kind !== 'made') {
      metrics.backups.inc({ outcome: outcome.kind });
      return outcome;
    }
    const { bytes, removed, problems } = outcome;
    metrics.backups.inc({ outcome: problems === null || problems === 0 ? 'made' : 'suspect' });
    if (problems === null || problems === 0) log.info('backup made', { bytes, count: removed });
    else log.error('backup made of a log that does not verify; older copies are kept', { bytes, count: problems });
    return outcome;
  };

  const keep = (terms: Terms): Promise<BackupOutcome | undefined> =>
    lane(async () => {
      // A copy of what is damaged is worth less than those from before.
      if (damaged) return undefined;
      try {
        return told(await care.keepBackup({ folder, now: new Date(now()).toISOString(), ...terms }));
      } catch (error) {
        metrics.backups.inc({ outcome: 'failed' });
        log.error('backup failed', { error });
        return undefined;
      }
    });

  const look = (): Promise<BackupOutcome | undefined> => keep({ minAgeMs: EVERY_MS, verify: true });
  const later = (ms: number): void => {
    timer = setTimeout(() => {
      later(LOOK_MS);
      void look();
    }, ms).unref();
  };

  return {
    start: () => later(FIRST_LOOK_MS),
    look,
    async close() {
      clearTimeout(timer);
      // What an earlier run changed, and did not end cleanly, waits for the next look.
      if (care.hasChanged()) await keep({ minAgeMs: 0, verify: false, maxBytes: MAX_AT_END_BYTES });
    },
  };
}
