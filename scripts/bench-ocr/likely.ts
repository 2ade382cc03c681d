/**
 * Do the words of a page hang on the language that was guessed for it? Pictures of the folder and pages that become scans, each read as often as the settings
 * have languages, with another one likely each time. Lines without a must: where letters are hard to read, either reading may be the better one.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { PageReading } from '../../core/contract/reading.ts';
import { readPage } from '../../worker/tasks/read-page.ts';
import { pictureOf, spread, type TruePage } from './pages.ts';
import { recallOf } from './score.ts';
import { type Kind, spoil } from './spoil.ts';
import { asStation, STATION_LANGUAGES } from './station.ts';

export interface LikelyOptions {
  readonly dir: string;
  readonly pages: readonly TruePage[];
  /** One in three is made of `pages`, the others are pictures of the folder as far as there are any. */
  readonly count: number;
  readonly folder: string;
  readonly say: (line: string) => void;
  readonly progress: (line: string) => void;
}

interface Subject {
  readonly name: string;
  readonly kind: 'picture' | Kind;
  readonly path: () => Promise<string>;
}

const PICTURE = /\.(png|jpe?g|tiff?)$/i;
const KINDS = ['clean', 'scan', 'fax'] as const;

export async function compareGuesses(options: LikelyOptions): Promise<void> {
  const { count, say, progress } = options;
  const pictures = spread(picturesOf(options.dir), Math.ceil((2 * count) / 3));
  const subjects = [...pictures.map(asItIs), ...spoiled(options, count - pictures.length)];
  const seen: { kind: Subject['kind']; shared: number; languages: number }[] = [];
  for (const { name, kind, path } of subjects) {
    const outcome = await guessAll(await path());
    seen.push({ kind, ...outcome });
    progress(`${seen.length}/${subjects.length} ${name} ${kind}: ${percent(outcome.shared)} of the words shared`);
  }
  const same = seen.filter(({ shared }) => shared === 1);
  const guesses = STATION_LANGUAGES.join(', ');
  say(`${same.length} of ${seen.length} pages: the same words whichever of ${guesses} was likely`);
  for (const kind of ['picture', ...KINDS] as const) {
    const some = seen.filter((one) => one.kind === kind);
    if (some.length > 0) say(`  ${kind}: ${some.filter((one) => same.includes(one)).length} of ${some.length}`);
  }
  say(`${seen.filter(({ languages }) => languages === 1).length} of ${seen.length} pages ended in the same languages`);
  const others = seen.filter(({ shared }) => shared < 1).map(({ shared }) => percent(shared));
  if (others.length > 0) say(`words that the readings of the others share: ${others.join(', ')}`);
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The least that two of the readings share, and in how many ways they ended. */
async function guessAll(path: string): Promise<{ shared: number; languages: number }> {
  const readings: PageReading[] = [];
  for (const likely of STATION_LANGUAGES) {
    const outcome = await readPage(asStation(path, likely));
    if (outcome.kind !== 'page') throw new Error(`${path}: ${outcome.detail}`);
    readings.push(outcome.page);
  }
  const shares = readings.flatMap((a) => readings.map((b) => recallOf(a.words, b.words)));
  return {
    shared: Math.min(...shares),
    languages: new Set(readings.map((page) => page.languages?.join('+'))).size,
  };
}

const asItIs = (path: string): Subject => ({
  name: basename(path),
  kind: 'picture',
  path: () => Promise.resolve(path),
});

function spoiled({ pages, folder }: LikelyOptions, count: number): Subject[] {
  return spread(pages, count).map((page, i) => {
    const kind = KINDS[i % KINDS.length] ?? 'clean';
    const path = join(folder, `likely-${i}.img`);
    return {
      name: page.name,
      kind,
      async path() {
        writeFileSync(path, await spoil(await pictureOf(page.path), kind, 300 + i, 0));
        return path;
      },
    };
  });
}

/** Scans and photos: those of the folder's truth where it has one, else all that look like it by name. */
function picturesOf(dir: string): string[] {
  const truth = join(dir, 'truth.jsonl');
  const files = existsSync(truth)
    ? readFileSync(truth, 'utf8')
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => (JSON.parse(line) as { file: string }).file)
    : readdirSync(dir, { recursive: true, encoding: 'utf8' }).toSorted();
  return files.filter((file) => PICTURE.test(file)).map((file) => join(dir, file));
}
