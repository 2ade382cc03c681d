/**
 * Documents come in: their bytes are kept first (durable, content-addressed), then one change makes the document, its invoice and its intake job. The same
 * bytes are never taken twice: a lane for them spares a process the work of deciding twice, and the change itself is refused where another process took them
 * meanwhile; then it is decided again.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { finished, PassThrough, type Readable } from 'node:stream';
import { AppError } from '../../core/contract/errors.ts';
import { LIMITS, type IntakeResult } from '../../core/contract/intake.ts';
import type { DocumentInfo } from '../../core/contract/invoice.ts';
import type { NewJob } from '../../core/contract/jobs.ts';
import { documentAddedOp, invoiceCreatedOp } from '../../core/sync/drafts.ts';
import type { OpDraft } from '../../core/sync/op.ts';
import type { Base } from '../context.ts';
import { createKeyedLane, type KeyedLane } from '../lane.ts';
import type { Model } from '../model.ts';
import { refusal } from '../problem.ts';
import type { Change, Projection } from '../store/store.ts';
import { createGate, type Gate } from './gate.ts';
import { cleanName } from './names.ts';

export type Channel = 'upload' | 'folder' | 'path' | 'archive' | 'mail';

/** A file whose bytes are kept, or why they are not. */
export type Arrived =
  | {
      readonly kind: 'kept';
      readonly name: string;
      readonly sha256: string;
      readonly size: number;
      /** The bytes were not here before: hardly anybody has taken them in. */
      readonly isNew?: boolean;
    }
  | {
      readonly kind: 'refused';
      readonly name: string;
      readonly reason: string;
      readonly detail: string;
      /** The same again may go well (the disk was full, not all has arrived): such an answer is kept under no key. */
      readonly passing?: boolean;
    };

export type Additions = Pick<Change, 'ops' | 'projections' | 'documents' | 'jobs'> & {
  /** No invoice of these documents may have come about meanwhile. */
  readonly expects: { readonly unknown: readonly string[] };
};

/** An erasure wins over everything that brings the same bytes again. */
const ERASED = 'This document was erased here. It is not taken in again.';
/** Each try meets more of what others have taken. */
const MAX_TRIES = 20;
/** Where the documents are away, it is not for long. */
const AWAY_S = 5;

type Known = (document: string) => Promise<readonly string[]> | readonly string[];
const none: Known = () => [];

/** Of what was sent: the same again has the same, whatever was here before it. */
const hashOf = (arrived: readonly Arrived[]): string =>
  createHash('sha256')
    .update(JSON.stringify(arrived, (name, value: unknown) => (name === 'isNew' ? undefined : value)))
    .digest('hex');

export interface Intake {
  /** Keeps the bytes of a stream. Never rejects for what the file is. */
  keep(name: string, bytes: Readable): Promise<Arrived>;
  /** Makes documents, invoices and jobs of what arrived, in one change. With a key, the same request gets the same answer for ever. */
  take(arrived: readonly Arrived[], channel: Channel, idempotencyKey?: string): Promise<IntakeResult[]>;
  /** Files and folders of this machine (command line, native dialog). */
  importPaths(
    paths: readonly string[],
    channel: Channel,
    onResult?: (result: IntakeResult) => void,
  ): Promise<IntakeResult[]>;
  /** Between looking for these bytes and adding them nobody else in this process takes them in. */
  exclusively<T>(hashes: readonly string[], work: () => Promise<T>): Promise<T>;
  /** What a new document adds to a change. */
  additions(
    file: { name: string; sha256: string; size: number; parent?: string },
    channel: Channel,
    depth: number,
    at: string,
  ): Additions & { invoice: string };
}

/** Shared by a workspace, whoever takes something in. */
export interface Entrance {
  readonly lane: KeyedLane;
  readonly gate: Gate;
}

export const createEntrance = (): Entrance => ({ lane: createKeyedLane(), gate: createGate() });

export function createIntake(base: Base, model: Model, { lane, gate }: Entrance = createEntrance()): Intake {
  const { store, blobs, newId } = base;

  const additions: Intake['additions'] = (file, channel, depth, at) => {
    const invoice = newId();
    const document: DocumentInfo = {
      sha256: file.sha256,
      name: cleanName(file.name),
      mime: 'application/octet-stream',
      size: file.size,
      ...(file.parent === undefined ? {} : { parent: file.parent }),
    };
    const { sha256, ...info } = document;
    const ops: OpDraft[] = [
      documentAddedOp(model.author(base.actor), sha256, { ...info, channel }),
      invoiceCreatedOp(model.author(base.actor), invoice, { document: sha256 }),
    ];
    const job: NewJob = {
      id: newId(),
      name: 'intake',
      data: { document: sha256, invoice, depth },
      root: invoice,
      priority: 10,
    };
    const projection: Projection = model.newborn(invoice, document, ops, at);
    return {
      invoice,
      ops,
      documents: [document],
      jobs: [job],
      projections: [{ expect: 0, projection }],
      expects: { unknown: [sha256] },
    };
  };

  const known: Known = (document) => store.invoiceIds({ document });

  const keep: Intake['keep'] = async (given, bytes) => {
    const name = cleanName(given);
    // The source must survive a refusal: a multipart parser whose part is destroyed never gets to the next one.
    const tap = new PassThrough();
    // A source may break before the blob store listens: it meets a destroyed stream then, and nothing may go unheard.
    tap.on('error', () => undefined);
    // It may also have broken already, or close without an end or an error: a pipe would wait for ever.
    finished(bytes, { writable: false }, (error) => {
      if (error) tap.destroy(error);
    });
    bytes.pipe(tap);
    let isHere: (() => void) | undefined;
    /** Asked when all bytes have come. */
    const isKnown = async (document: string): Promise<boolean> => {
      isHere = gate.expect();
      return (await known(document)).length > 0;
    };
    try {
      const kept = await blobs.put(tap, { maxBytes: LIMITS.bytes, isKnown });
      return { kind: 'kept', name, sha256: kept.sha256, size: kept.size, isNew: !kept.existed };
    } catch (error) {
      bytes.unpipe(tap);
      bytes.resume();
      const refused = refusal(error);
      if (refused === undefined || bytes.errored) throw error;
      return refused.code === 'too_large'
        ? { kind: 'refused', name, reason: 'too-large', detail: `The limit is ${LIMITS.bytes / 1024 / 1024} MB.` }
        : { kind: 'refused', name, reason: refused.code, detail: refused.message, passing: true };
    } finally {
      isHere?.();
    }
  };

  /** `invoicesOf`: those that a document has already. */
  const decide = async (arrived: readonly Arrived[], channel: Channel, at: string, invoicesOf: Known) => {
    const results: IntakeResult[] = [];
    const change: Additions[] = [];
    const fresh = new Map<string, string>();
    // Where nobody has looked yet, the change itself is refused.
    const asked = invoicesOf === none ? [] : arrived.flatMap((file) => (file.kind === 'kept' ? [file.sha256] : []));
    const gone = new Set(asked.length === 0 ? [] : await store.erased(asked));
    for (const file of arrived) {
      if (file.kind === 'refused') {
        results.push({ kind: 'refused', file: file.name, reason: file.reason, detail: file.detail });
        continue;
      }
      const made = fresh.get(file.sha256);
      const invoices = made === undefined ? await invoicesOf(file.sha256) : [made];
      const { name, sha256 } = file;
      if (gone.has(sha256)) {
        await blobs.remove(sha256);
        results.push({ kind: 'refused', file: name, reason: 'erased', detail: ERASED });
        continue;
      }
      if (invoices.length > 0) {
        results.push({ kind: 'already', file: name, document: sha256, invoices: [...invoices] });
        continue;
      }
      const added = additions(file, channel, 0, at);
      fresh.set(sha256, added.invoice);
      change.push(added);
      results.push({ kind: 'accepted', file: name, document: sha256, invoices: [added.invoice] });
    }
    return { results, change: merge(change) };
  };

  /** The answer to an earlier request under this key. */
  const answered = async (key: string, requestHash: string, isWhole: boolean): Promise<IntakeResult[] | undefined> => {
    const before = await store.idempotent(key);
    if (before === undefined) return undefined;
    if (before.requestHash === requestHash) return JSON.parse(before.reply) as IntakeResult[];
    if (!isWhole)
      throw new AppError('unavailable', 'Not all files could be looked at now. Try again.', { retryAfter: AWAY_S });
    throw new AppError('conflict', 'This Idempotency-Key was used for other files. Use a new key for a new request.');
  };

  const take: Intake['take'] = (arrived, channel, given) => {
    // Two people, or two programs, may count their requests alike.
    const key = given === undefined ? undefined : `${base.actor} ${given}`;
    const own = arrived.flatMap((file) => (file.kind === 'kept' ? [file.sha256] : []));
    // The same bytes, or the same request, one after the other; different ones are saved together.
    return lane(key === undefined ? own : [...own, key], async () => {
      const requestHash = hashOf(arrived);
      const isWhole = !arrived.some((file) => file.kind === 'refused' && file.passing === true);
      const isKept = key !== undefined && isWhole;
      // What nobody had is hardly known: the change itself is refused where it is, or where the key was used, and only then somebody looks.
      let isGuessed = arrived.every((file) => file.kind === 'kept' && file.isNew === true);
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        const before = key === undefined || isGuessed ? undefined : await answered(key, requestHash, isWhole);
        if (before !== undefined) return before;
        const at = base.instant();
        const { results, change } = await decide(arrived, channel, at, isGuessed ? none : known);
        isGuessed = false;
        if (change.ops.length === 0 && !isKept) return results;
        if (tries === 0) await gate.pass();
        const idempotency = isKept ? { idempotency: { key, requestHash, reply: JSON.stringify(results) } } : {};
        const committed = await base.commit({ at, ...change, ...idempotency });
        if (committed.kind === 'ok') return results;
      }
      throw new AppError('unavailable', 'The same files are being taken in by others all the time. Try again.', {
        retryAfter: 1,
      });
    });
  };

  const importPaths: Intake['importPaths'] = async (paths, channel, onResult) => {
    const results: IntakeResult[] = [];
    for (const path of await filesUnder(paths)) {
      const arrived = await keepFile(keep, path);
      const [result] = await take([arrived], channel);
      if (result === undefined) continue;
      results.push(result);
      onResult?.(result);
    }
    return results;
  };

  return { keep, take, importPaths, additions, exclusively: lane };
}

export function merge(parts: readonly Additions[]): Additions {
  return {
    ops: parts.flatMap((part) => part.ops),
    projections: parts.flatMap((part) => part.projections),
    documents: parts.flatMap((part) => part.documents),
    jobs: parts.flatMap((part) => part.jobs),
    expects: { unknown: parts.flatMap((part) => part.expects.unknown) },
  };
}

async function keepFile(keep: Intake['keep'], path: string): Promise<Arrived> {
  const name = basename(path);
  try {
    return await keep(name, createReadStream(path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    return {
      kind: 'refused',
      name: cleanName(name),
      reason: 'unreadable-file',
      detail: `The file cannot be read (${code}).`,
    };
  }
}

/** Files as given, folders with all their files, hidden ones left out; sorted within a folder. A path that does not exist stays: opening it says why. */
export async function filesUnder(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const info = await stat(path).catch(() => undefined);
    if (info?.isDirectory() !== true) {
      found.push(path);
      continue;
    }
    const entries = await readdir(path, { withFileTypes: true });
    const names = entries.filter((entry) => !entry.name.startsWith('.') && (entry.isFile() || entry.isDirectory()));
    const inner = names.map((entry) => join(path, entry.name)).toSorted();
    found.push(...(await filesUnder(inner)));
  }
  return found;
}
