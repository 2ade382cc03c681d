/** One document -> its reading: page by page through the worker threads, then the fields. Shared by the station's job and the command line. */
import type { DocumentKind, UnreadableReason } from '../core/contract/intake.ts';
import { LIMITS, UNREADABLE_REASONS } from '../core/contract/intake.ts';
import type { PageReading, Reading } from '../core/contract/reading.ts';
import type { TaskInput, TaskName, TaskOutput, Unreadable } from '../core/contract/tasks.ts';
import type { Memory } from '../core/memory/lesson.ts';
import { withTrust } from '../core/trust/apply.ts';
import { checksOf, trustTargets } from '../core/trust/targets.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Metrics } from './metrics.ts';
import type { Pool } from './pool.ts';
import type { UsualLanguage } from './usual-language.ts';

/** The fields of a document whose pages took long may take long too, but never for ever. */
const EXTRACT_MS = LIMITS.pageMs;
const INSPECT_MS = LIMITS.pageMs;
/** A handful of lines is looked at; a page that cannot be drawn in this time is not worth more. */
const TRUST_MS = 15_000;
/** Shown for a page that gave nothing: A4 in points. */
const BLANK = { width: 595, height: 842 };

export type Inspected = Extract<TaskOutput<'inspect'>, { kind: 'document' }>;

export interface DocumentSource {
  readonly path: string;
  readonly name: string;
  readonly sha256: string;
}

export interface ReadOptions {
  readonly pool: Pool;
  readonly languages: readonly string[];
  /** Each page in the language it is in. */
  readonly automatic: boolean;
  /** Where documents before this one help to guess. */
  readonly usual?: UsualLanguage;
  readonly signal?: AbortSignal;
  readonly metrics?: Metrics;
  readonly checkpoints?: { readonly store: Checkpoints; readonly key: string };
  /** False: the text layer is believed (for measuring what the extraction alone does). */
  readonly trust?: boolean;
  /** What is known of the vendor that pages with these keys may be from; undefined where nothing is. */
  readonly recall?: (keys: readonly string[]) => Promise<Memory | undefined>;
  readonly onPage?: (done: number, pages: number) => Promise<void> | void;
}

const unreadable = (reason: UnreadableReason, detail: string): Unreadable => ({ kind: 'unreadable', reason, detail });

const RETRIED = new Set<UnreadableReason>(['timeout', 'out-of-memory']);

/** A thread that was killed at a limit gets one more chance: the machine may just have been busy. */
async function runTwice<N extends TaskName>(
  options: ReadOptions,
  name: N,
  input: TaskInput<N>,
  timeoutMs: number,
): Promise<TaskOutput<N> | Unreadable> {
  const limits = { timeoutMs, ...(options.signal === undefined ? {} : { signal: options.signal }) };
  const end = options.metrics?.startStage(name);
  try {
    const first = await options.pool.run(name, input, limits);
    return isUnreadable(first) && RETRIED.has(first.reason) && options.signal?.aborted !== true
      ? await options.pool.run(name, input, limits)
      : first;
  } finally {
    end?.();
  }
}

const isUnreadable = (outcome: unknown): outcome is Unreadable =>
  typeof outcome === 'object' && outcome !== null && (outcome as { kind?: unknown }).kind === 'unreadable';

export function inspectDocument(source: DocumentSource, options: ReadOptions): Promise<Inspected | Unreadable> {
  return runTwice(options, 'inspect', { path: source.path, name: source.name }, INSPECT_MS);
}

export const isContainer = (kind: DocumentKind): boolean => kind === 'zip' || kind === 'mail';

async function readPage(
  source: DocumentSource,
  type: DocumentKind,
  page: number,
  options: ReadOptions,
  likely: string | undefined,
): Promise<PageReading> {
  const kept = await options.checkpoints?.store.load(options.checkpoints.key, page);
  if (kept !== undefined) return kept;
  const { languages, automatic } = options;
  const input = { path: source.path, type, page, languages: [...languages], automatic, likely };
  const outcome = await runTwice(options, 'readPage', input, LIMITS.pageMs);
  options.signal?.throwIfAborted();
  const reading: PageReading =
    outcome.kind === 'page'
      ? outcome.page
      : { page, ...BLANK, source: 'none', words: [], turned: 0, skew: 0, problem: outcome.reason };
  options.metrics?.pages.inc({ source: reading.source });
  await options.checkpoints?.store.save(options.checkpoints.key, reading);
  return reading;
}

/** As many pages at a time as there are threads; the order of the result is the order of the document. */
async function readPages(source: DocumentSource, seen: Inspected, options: ReadOptions): Promise<PageReading[]> {
  const pages: PageReading[] = Array.from({ length: seen.pages });
  let next = 1;
  let done = 0;
  const { automatic, usual } = options;
  // What pages are read with first where each tells its own language: what the last one was in.
  let likely = automatic ? await usual?.guess() : undefined;
  const seat = async (): Promise<void> => {
    while (next <= seen.pages) {
      const page = next++;
      const reading = await readPage(source, seen.type, page, options, likely);
      pages[page - 1] = reading;
      if (automatic) likely = reading.languages?.[0] ?? likely;
      done += 1;
      await options.onPage?.(done, seen.pages);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.pool.threads, seen.pages) }, seat));
  return pages;
}

/** A page that could not be read at all; a blank one was read and holds nothing. */
function failureOf({ page, source, problem }: PageReading): { page: number; reason: UnreadableReason }[] {
  const reason = UNREADABLE_REASONS.find((known) => known === problem);
  return source === 'none' && reason !== undefined ? [{ page, reason }] : [];
}

/** Rejects with the signal's reason where it was aborted. */
export async function readDocument(
  source: DocumentSource,
  seen: Inspected,
  options: ReadOptions,
): Promise<{ kind: 'reading'; reading: Reading } | Unreadable> {
  // An XML has no pages of its own: they are drawn from it with the fields.
  const pages = seen.type === 'xml' ? [] : await readPages(source, seen, options);
  const [first, ...others] = pages.flatMap(failureOf);
  if (first !== undefined && others.length === pages.length - 1) return unreadable(first.reason, `page ${first.page}`);
  return readFields(source, seen.type, pages, options);
}

/** The fields of pages that were read: now, or earlier, where something was learned since. */
export async function readFields(
  source: DocumentSource,
  type: DocumentKind,
  pages: readonly PageReading[],
  options: ReadOptions,
): Promise<{ kind: 'reading'; reading: Reading } | Unreadable> {
  const input = { path: source.path, type, document: source.sha256, pages: [...pages] };
  const alone = await runTwice(options, 'extract', { ...input, wantsKeys: options.recall !== undefined }, EXTRACT_MS);
  options.signal?.throwIfAborted();
  if (alone.kind !== 'reading') return alone;
  if (alone.reading.language !== undefined) options.usual?.saw(alone.reading.language);
  const memory = alone.keys === undefined ? undefined : await options.recall?.(alone.keys);
  const outcome = memory === undefined ? alone : await runTwice(options, 'extract', { ...input, memory }, EXTRACT_MS);
  options.signal?.throwIfAborted();
  if (outcome.kind !== 'reading') return outcome;
  const reading = options.trust === false ? outcome.reading : await trusted(source, type, outcome.reading, options);
  return { kind: 'reading', reading };
}

/** Does the page show what its text layer says? A check that fails takes nothing from the reading: a note says that nobody has looked. */
async function trusted(
  source: DocumentSource,
  type: DocumentKind,
  reading: Reading,
  options: ReadOptions,
): Promise<Reading> {
  const targets = type === 'pdf' ? trustTargets(reading) : [];
  if (targets.length === 0) return reading;
  const outcome = await runTwice(
    options,
    'checkText',
    { path: source.path, checks: checksOf(targets) },
    TRUST_MS,
  ).catch((error: unknown): Unreadable =>
    unreadable('engine-error', error instanceof Error ? error.message : String(error)),
  );
  options.signal?.throwIfAborted();
  if (outcome.kind === 'checked') return withTrust(reading, targets, outcome.results);
  const note = { code: 'TEXT_LAYER_UNCHECKED', params: { reason: outcome.reason } };
  return { ...reading, notes: [...reading.notes, note] };
}
