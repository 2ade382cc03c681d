/**
 * How a new station begins: it asks its site for a snapshot, fetches it in parts that go on where they ended, and takes it as its database; what was written at the site
 * meanwhile comes after that as ever. Where there is none, or not one for this program, the log is read from its start.
 */
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SnapshotManifest } from '../../../core/contract/snapshot.ts';
import { OP_SCHEMA } from '../../../core/contract/version.ts';
import { type JoinFacts, judgeOffer } from '../../../core/sync/snapshot.ts';
import type { Log } from '../../log.ts';
import { isDiskFull } from '../../problem.ts';
import type { StationSyncStore } from '../../store/station-sync-store.ts';
import { provenBy } from '../hub/ed25519.ts';
import { isAway, Refused, type SyncWire } from './wire.ts';

/** Of one answer: what a connection that breaks off costs. */
const PART_BYTES = 16 * 1024 * 1024;
/** Bytes that are not those of the manifest are fetched once more; then the log is read. */
const TRIES = 2;
/** In a row that bring nothing nearer, whatever the reason; then the log is read, which always can be. A site that does not answer at all is waited for. */
const FRUITLESS = 5;

export interface JoiningParts {
  readonly store: Pick<StationSyncStore, 'version' | 'mayJoin' | 'join'>;
  readonly wire: Pick<SyncWire, 'snapshot' | 'snapshotPart'>;
  /** For what is on its way. */
  readonly folder: string;
  readonly log: Log;
  readonly onChange: () => void;
}

/** Bytes fetched, and of the database that was made of them: both in the size of what is fetched. */
export interface JoinProgress {
  readonly step: 'fetching' | 'opening';
  readonly done: number;
  readonly total: number;
}

type KnownFacts = Pick<JoinFacts, 'site' | 'keys' | 'epoch' | 'head'>;

export interface Joining {
  /** `none`: the log is read. `later`: tried again, a few times. Throws where the site does not answer: what was fetched stays. */
  run(facts: KnownFacts, signal: AbortSignal): Promise<'joined' | 'none' | 'later'>;
  progress(): JoinProgress | null;
}

const sizeOf = async (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

export function createJoining(parts: JoiningParts): Joining {
  const { store, wire, folder, log, onChange } = parts;
  let progress: JoinProgress | null = null;
  let wrong = 0;
  let fruitless = 0;
  async function again(): Promise<'later' | 'none'> {
    fruitless += 1;
    if (fruitless < FRUITLESS) return 'later';
    fruitless = 0;
    await rm(folder, { recursive: true, force: true });
    log.warn('no snapshot to begin with', { reason: 'it does not come' });
    return 'none';
  }
  const tell = (step: JoinProgress['step'], done: number, total: number): void => {
    progress = { step, done, total };
    onChange();
  };

  async function offered(facts: KnownFacts, signal: AbortSignal) {
    try {
      const offer = await wire.snapshot(facts.site, signal);
      const judged = judgeOffer(offer, { ...facts, databaseVersion: store.version, opSchema: OP_SCHEMA }, provenBy);
      if (judged.kind === 'use') return judged.manifest;
      if (judged.kind === 'bad') log.error('a snapshot that is not the site’s', { reason: judged.why });
      else log.info('no snapshot to begin with', { reason: judged.why });
    } catch (error) {
      // A site of before there were any.
      if (!(error instanceof Refused) || error.answer.status !== 404) throw error;
    }
    return undefined;
  }

  /** Only the file of this snapshot stays. */
  async function fileFor(sha256: string): Promise<string> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(folder)) if (name !== sha256) await rm(join(folder, name), { force: true });
    return join(folder, sha256);
  }

  async function fetchAll(manifest: SnapshotManifest, file: string, signal: AbortSignal): Promise<void> {
    const { site, sha256, size } = manifest;
    for (let at = await sizeOf(file); at < size; at = await sizeOf(file)) {
      tell('fetching', at, size);
      const end = Math.min(size, at + PART_BYTES) - 1;
      // Before it is asked for: an answer that nobody reads keeps its connection.
      const sink = await open(file, 'a', 0o600);
      try {
        const response = await wire.snapshotPart(site, sha256, { start: at, end }, signal);
        if (response.status !== 206 || response.body === null) {
          await response.body?.cancel();
          throw new RangeError('the site gave another part');
        }
        let done = at;
        // By no streams of Node's: hundreds of megabytes come through the thread that answers people.
        for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
          done += chunk.length;
          if (done > end + 1) throw new RangeError('the site gave more than was asked for');
          fruitless = 0;
          tell('fetching', done, size);
          await sink.appendFile(chunk);
        }
      } finally {
        await sink.close();
      }
    }
  }

  async function take(manifest: SnapshotManifest, file: string): Promise<'joined' | 'none' | 'later'> {
    const { size } = manifest;
    const taken = await store.join({
      file,
      manifest,
      progress: (done, total) => tell('opening', Math.round((done / total) * size), size),
    });
    if (taken === 'busy') return again();
    await rm(folder, { recursive: true, force: true });
    if (taken === 'joined') return 'joined';
    log.warn('a snapshot was not taken', { reason: taken });
    if (taken !== 'wrong') return 'none';
    wrong += 1;
    return wrong < TRIES ? 'later' : 'none';
  }

  return {
    async run(facts, signal) {
      if (!(await store.mayJoin(facts.site))) {
        await rm(folder, { recursive: true, force: true });
        return 'none';
      }
      try {
        const manifest = await offered(facts, signal);
        if (manifest === undefined) return 'none';
        const file = await fileFor(manifest.sha256);
        await fetchAll(manifest, file, signal);
        return await take(manifest, file);
      } catch (error) {
        if (signal.aborted || isAway(error) || isDiskFull(error)) throw error;
        // A 404: it was replaced by a newer one meanwhile.
        log.warn('a snapshot was not taken', { error });
        return await again();
      } finally {
        progress = null;
        onChange();
      }
    },
    progress: () => progress,
  };
}
