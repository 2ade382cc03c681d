/** What the server's parts share: of one workspace (a station's only one, or a site of several), in the name of whoever asks (`workspace.ts` builds it). */
import type { FastifyRequest } from 'fastify';
import type { Counters, StationStatus } from '../core/contract/http.ts';
import type { Settings } from '../core/contract/settings.ts';
import type { Blobs } from './blobs/blobs.ts';
import type { Match } from './conditions.ts';
import type { Uploads } from './blobs/uploads.ts';
import type { ErasureService } from './erasure/erasure.ts';
import type { ExportService } from './export/service.ts';
import type { Folders } from './folders.ts';
import type { Hub } from './hub.ts';
import type { Intake } from './intake/intake.ts';
import type { JobBoard } from './jobs/board.ts';
import type { Conflicts } from './conflicts.ts';
import type { Duplicates } from './duplicate-pairs.ts';
import type { Log } from './log.ts';
import type { VendorMemory } from './memory.ts';
import type { Metrics } from './metrics.ts';
import type { Model } from './model.ts';
import type { PageImages } from './page-images.ts';
import type { Queue } from './queue/queue.ts';
import type { Regions } from './regions.ts';
import type { Review } from './review.ts';
import type { Settling } from './settling.ts';
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
  /** Of what can be made again. */
  readonly folders: Pick<Folders, 'pages' | 'images' | 'expand'>;
  readonly now: () => number;
  /** Now, as an ISO instant. */
  instant(): string;
  readonly newId: () => string;
  /** `Store.commit`, and then whoever listens hears of it. */
  commit(change: Partial<Change>): Promise<CommitResult>;
  /** In whose name operations are written. */
  readonly actor: string;
}

export interface Context extends Base {
  readonly model: Model;
  readonly memory: VendorMemory;
  readonly intake: Intake;
  readonly review: Review;
  readonly settling: Settling;
  readonly conflicts: Conflicts;
  readonly duplicates: Duplicates;
  readonly regions: Regions;
  readonly exports: ExportService;
  readonly erasure: ErasureService;
  readonly images: PageImages;
  /** Only where the store of the blobs takes bytes from others than this server. */
  readonly uploads: Uploads | undefined;
  counters(): Promise<Counters>;
  status(): Promise<StationStatus>;
  /** Saves settings, where `match` says so over those alone that were seen, and lets those concerned follow (watched folder). */
  saveSettings(settings: Settings, match?: Match): Promise<Settings>;
  /** Whether a folder of this machine can be watched: not at a site. */
  readonly followsFolders: boolean;
  /** Leaves the demo: ends the process with the code that makes its launcher start it again on the user's own folder. False where there is nothing to leave. */
  leaveDemo(): boolean;
}

/** Whose workspace and name a request is in. */
export type Contexts = (request: FastifyRequest) => Context | Promise<Context>;
