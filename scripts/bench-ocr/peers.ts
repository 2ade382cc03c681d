/** Our reading against native tesseract on the same bitmaps with the same data: one after the other, again and again, CPU time, medians. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { decodeGrey } from '../../worker/image/decode.ts';
import { recognize } from '../../worker/ocr/engine.ts';
import { readPage } from '../../worker/tasks/read-page.ts';
import type { Figures } from '../figure.ts';
import { costOf } from './cpu.ts';
import { findNative, type Native } from './native.ts';
import { DPI, pictureOf, type TruePage } from './pages.ts';
import { median } from './score.ts';
import { type Kind, spoil } from './spoil.ts';

export interface PeerOptions {
  readonly pages: readonly TruePage[];
  readonly rounds: number;
  readonly languages: readonly string[] | undefined;
  readonly folder: string;
  readonly say: (line: string) => void;
  readonly progress: (line: string) => void;
}

interface Run {
  readonly pass: number;
  readonly pipeline: number;
  /** The same where another language was likely. */
  readonly foreign: number;
  readonly native: number;
}

/** Every third page as a scanner gives it. */
const kindOf = (i: number): Kind => (i % 3 === 2 ? 'scan' : 'clean');

export async function comparePeers(options: PeerOptions, figures: Figures): Promise<void> {
  const { pages, rounds, folder, say, progress } = options;
  const languagesOf = (page: TruePage): readonly string[] => options.languages ?? [page.language];
  const native = findNative(folder, [...new Set(pages.flatMap(languagesOf))]);
  const ratios: ({ kind: Kind } & Omit<Run, 'native'>)[] = [];
  const stages = new Map<string, number>();
  let all = 0;
  for (const [i, page] of pages.entries()) {
    const kind = kindOf(i);
    const image = join(folder, `${i}.png`);
    writeFileSync(image, await pngOf(await spoil(await pictureOf(page.path), kind, 100 + i, 0)));
    const languages = languagesOf(page);
    const start = startOf(native, folder, languages);
    await readPass(image, languages);
    const runs: Run[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const pass = (await costOf(() => readPass(image, languages))).cpu;
      const before = native.read(image, languages);
      const whole = await costOf(() => readPage(inputOf(image, languages, options)));
      const after = native.read(image, languages);
      const likely = languages[0] === 'eng' ? 'deu' : 'eng';
      const foreign = await costOf(() => readPage({ ...inputOf(image, languages, options), likely }));
      runs.push({ pass, pipeline: whole.cpu, foreign: foreign.cpu, native: (before + after) / 2 - start });
      if (whole.result.kind === 'page')
        for (const [stage, ms] of Object.entries(whole.result.ms)) {
          stages.set(stage, (stages.get(stage) ?? 0) + ms);
          all += ms;
        }
    }
    const of = (key: keyof Run): number => median(runs.map((run) => run[key]));
    const [pass, pipeline, peer] = [of('pass'), of('pipeline'), of('native')];
    ratios.push({ kind, pass: pass / peer, pipeline: pipeline / peer, foreign: of('foreign') / peer });
    progress(
      `${i + 1}/${pages.length} ${kind}: pass ${pass.toFixed(0)}, pipeline ${pipeline.toFixed(0)}, native ${peer.toFixed(0)} ms`,
    );
  }
  for (const kind of ['clean', 'scan'] as const) {
    const some = ratios.filter((ratio) => ratio.kind === kind);
    if (some.length === 0) continue;
    const shown = (key: 'pass' | 'pipeline' | 'foreign'): string => median(some.map((one) => one[key])).toFixed(2);
    say(
      `${kind} pages (${some.length}): pass / native ${shown('pass')}, pipeline / native ${shown('pipeline')}, where another language was likely ${shown('foreign')}`,
    );
  }
  const shares = [...stages]
    .toSorted((a, b) => b[1] - a[1])
    .map(([name, ms]) => `${name} ${((100 * ms) / all).toFixed(1)} %`);
  say(`stages of the pipeline: ${shares.join(', ')}`);
  say(`peer: ${native.version}, start of the program taken off, best_int data`);
  figures.atMost('ocr.pass-to-native-ratio', median(ratios.map(({ pass }) => pass)), 1.4);
  figures.atMost('ocr.pipeline-to-native-ratio', median(ratios.map(({ pipeline }) => pipeline)), 1.8);
}

/** The page tells its language, the pages before were in it too, and the settings name no other: both read with the same data. */
const inputOf = (path: string, languages: readonly string[], asked: Pick<PeerOptions, 'languages'>) => ({
  path,
  type: 'image' as const,
  page: 1,
  languages: [...languages],
  automatic: asked.languages === undefined,
});

/** The peer reads no JPEG at every distribution; a PNG with its resolution is the same bitmap for both. */
const pngOf = (bytes: Buffer): Promise<Buffer> =>
  sharp(bytes).greyscale().toColourspace('b-w').png({ compressionLevel: 3 }).withMetadata({ density: DPI }).toBuffer();

async function readPass(image: string, languages: readonly string[]): Promise<void> {
  await recognize(await decodeGrey(image, 1), { languages, segmentation: 3, dpi: DPI });
}

/** Our engine is warm when it is measured: loading program and data is not what is compared. */
function startOf(native: Native, folder: string, languages: readonly string[]) {
  const image = join(folder, 'start.pgm');
  writeFileSync(image, Buffer.concat([Buffer.from('P5 60 30 255\n'), Buffer.alloc(1_800, 255)]));
  return median([1, 2, 3].map(() => native.read(image, languages)));
}
