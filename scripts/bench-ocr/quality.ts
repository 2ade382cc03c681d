/** What is read of pages whose words are known, clean, noisy and ruined, and whether the reader knows it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PageReading } from '../../core/contract/reading.ts';
import { MINIMUM_QUALITY, qualityOf } from '../../core/validate/page-quality.ts';
import type { Threads } from '../../server/threads.ts';
import type { Figures } from '../figure.ts';
import { pictureOf, type TruePage } from './pages.ts';
import { characterErrors, correlation, median, recallOf } from './score.ts';
import { asStation } from './station.ts';
import { type Kind, NOISY, SEVERE, spoil } from './spoil.ts';
import { poolOf } from './threads.ts';

export interface QualityOptions {
  readonly pages: readonly TruePage[];
  readonly languages: readonly string[] | undefined;
  readonly threads: number;
  readonly folder: string;
  /** Lists every page. */
  readonly verbose: boolean;
  readonly say: (line: string) => void;
  readonly progress: (line: string) => void;
}

interface Seen {
  readonly name: string;
  readonly kind: Kind;
  readonly recall: number;
  /** The reader's own opinion. */
  readonly quality: number;
  readonly coverage: number;
  readonly confidences: readonly number[];
  readonly errors: number;
  readonly characters: number;
}

/** Each page clean and noisy in every way, and ruined in three of the ways, more and less. */
function plan(pages: readonly TruePage[]): { page: TruePage; kind: Kind; seed: number; much: number }[] {
  return pages.flatMap((page, i) => {
    const severe = [0, 2, 4].map((n) => SEVERE[(i + n) % SEVERE.length] ?? 'pale');
    return ['clean' as const, ...NOISY, ...severe].map((kind, n) => ({
      page,
      kind,
      seed: 1_000 * i + n,
      much: ((i * 7 + n * 3) % 10) / 9,
    }));
  });
}

export async function measureQuality(options: QualityOptions, figures: Figures): Promise<void> {
  const { pages, threads, say, progress, verbose } = options;
  const pool = poolOf(threads);
  const seen: Seen[] = [];
  const tasks = plan(pages);
  const total = tasks.length;
  const seat = async (): Promise<void> => {
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
      const { page, kind, seed, much } = task;
      const image = join(options.folder, `quality-${seed}.img`);
      writeFileSync(image, await spoil(await pictureOf(page.path), kind, seed, much));
      seen.push(judge(page, kind, await read(pool, image, page, options.languages)));
      const last = seen.at(-1);
      progress(
        `${seen.length}/${total} ${page.name} ${kind}: recall ${last?.recall.toFixed(3)}, quality ${last?.quality.toFixed(3)}`,
      );
    }
  };
  try {
    await Promise.all(Array.from({ length: threads }, seat));
  } finally {
    await pool.close();
  }
  if (verbose) for (const one of seen) say(JSON.stringify(one));
  report(seen, say, figures);
}

/** As the station reads, where no language was asked for. */
async function read(pool: Threads, path: string, page: TruePage, asked?: readonly string[]): Promise<PageReading> {
  const usual = asStation(path, page.language);
  const input = asked === undefined ? usual : { ...usual, languages: [...asked], automatic: false };
  const message = { name: 'readPage' as const, input };
  const outcome = (await pool.run({ message, rank: 0 })) as { kind: string; page?: PageReading };
  if (outcome.page === undefined) throw new Error(`${path}: ${JSON.stringify(outcome)}`);
  return outcome.page;
}

function judge(page: TruePage, kind: Kind, reading: PageReading): Seen {
  const clean = kind === 'clean' ? characterErrors(page.words, reading.words) : { errors: 0, characters: 0 };
  const quality = qualityOf(reading) ?? 1;
  return {
    name: page.name,
    kind,
    recall: recallOf(page.words, reading.words),
    quality,
    coverage: reading.coverage ?? 1,
    confidences: reading.words.map(({ confidence }) => confidence),
    ...clean,
  };
}

function report(seen: readonly Seen[], say: (line: string) => void, figures: Figures): void {
  const mean = (some: readonly Seen[]): number => (100 * some.reduce((sum, one) => sum + one.recall, 0)) / some.length;
  const of = (...kinds: readonly Kind[]): Seen[] => seen.filter(({ kind }) => kinds.includes(kind));
  say('kind        pages  recall %: mean  median  least   quality: mean');
  for (const kind of ['clean', ...NOISY, ...SEVERE] as const) {
    const some = of(kind);
    if (some.length === 0) continue;
    const recalls = some.map(({ recall }) => 100 * recall);
    const quality = some.reduce((sum, one) => sum + one.quality, 0) / some.length;
    say(
      `${kind.padEnd(10)} ${String(some.length).padStart(6)} ${mean(some).toFixed(1).padStart(15)} ${median(recalls).toFixed(1).padStart(7)} ${Math.min(
        ...recalls,
      )
        .toFixed(1)
        .padStart(6)} ${quality.toFixed(2).padStart(15)}`,
    );
  }
  const clean = of('clean');
  const errors = clean.reduce((sum, one) => sum + one.errors, 0);
  const characters = clean.reduce((sum, one) => sum + one.characters, 0);
  const lost = seen.filter(({ recall }) => recall < 0.5);
  const good = seen.filter(({ recall }) => recall >= 0.9);
  say(
    `${lost.length} pages under 50 % recall; ${good.filter(({ quality }) => quality < MINIMUM_QUALITY).length} of ${good.length} pages over 90 % recall flagged`,
  );
  figures.atLeast('quality.recall-clean', mean(clean), 95);
  figures.atLeast('quality.recall-noisy', mean(of(...NOISY)), 80);
  figures.atMost('quality.cer-clean', (100 * errors) / characters, 2);
  figures.atLeast(
    'quality.flag-correlation',
    correlation(seen.map(({ quality, recall }) => [quality, recall] as const)),
    0.85,
  );
  figures.atMost('quality.lost-pages-unflagged', lost.filter(({ quality }) => quality >= MINIMUM_QUALITY).length, 0);
}
