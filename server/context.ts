/** Everything the server's parts share, built once in `station.ts`. */
import type { Counters, StationStatus } from '../core/contract/http.ts';
import type { Settings } from '../core/contract/settings.ts';
import type { Blobs } from './blobs/blobs.ts';
import type { Config } from './config.ts';
import type { ExportService } from './export/service.ts';
import type { Folders } from './folders.ts';
import type { Hub } from './hub.ts';
import type { Intake } from './intake/intake.ts';
import type { JobBoard } from './jobs/board.ts';
import type { Runner } from './jobs/runner.ts';
import type { Log } from './log.ts';
import type { VendorMemory } from './memory.ts';
import type { Metrics } from './metrics.ts';
import type { Model } from './model.ts';
import type { PageImages } from './page-images.ts';
import type { Queue } from './queue/queue.ts';
import type { Regions } from './regions.ts';
import type { Review } from './review.ts';
import type { Change, CommitResult, Store } from './store/store.ts';

/** What nearly every part needs. */
export interface Base {
  readonly store: Store;
  readonly blobs: Blobs;
  readonly queue: Queue;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly hub: Hub;
  readonly board: JobBoard;
  readonly folders: Folders;
  readonly now: () => number;
  /** Now, as an ISO instant. */
  instant(): string;
  readonly newId: () => string;
  /** `Store.commit`, and then whoever listens hears of it. */
  commit(change: Partial<Change>): Promise<CommitResult>;
  /** The person at this station. */
  readonly actor: string;
}

export interface Context extends Base {
  readonly config: Config;
  readonly version: string;
  readonly checkReplies: boolean;
  readonly model: Model;
  readonly memory: VendorMemory;
  readonly intake: Intake;
  readonly review: Review;
  readonly regions: Regions;
  readonly exports: ExportService;
  readonly images: PageImages;
  readonly runner: Runner;
  counters(): Promise<Counters>;
  status(): Promise<StationStatus>;
  /** Saves settings and lets those concerned follow (watched folder). */
  saveSettings(settings: Settings): Promise<Settings>;
  /** Ends the process with the code that makes its launcher start it again on the user's own folder. */
  restartAsOwn(): void;
}
