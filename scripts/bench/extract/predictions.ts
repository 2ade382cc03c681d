/** Every document of a folder -> a file of predictions, appended as they come, so that a run that was ended can be taken up. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Reading } from '../../../core/contract/reading.ts';
import { extractLine, unreadableLine } from '../../../core/export/extract-line.ts';
import type { PredictionLine } from '../score/score.ts';
import type { Options } from './options.ts';
import { readDocuments } from './reader.ts';
import type { Ended } from './reader.ts';

export const jsonLines = <T>(file: string): T[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as T);

/** What an interrupted run wrote; the last line may be torn. */
function finished(file: string): PredictionLine[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line): PredictionLine[] => {
      try {
        return [JSON.parse(line) as PredictionLine];
      } catch {
        return [];
      }
    });
}

const asText = (line: unknown): string => `${JSON.stringify(line)}\n`;

/** `onReading`: the last document of the file that was read. */
export async function predict(
  files: readonly string[],
  opt: Options,
  onReading?: (file: string, reading: Reading) => void,
): Promise<Ended> {
  const kept = opt.resume && existsSync(opt.out) ? finished(opt.out) : [];
  const done = new Set(kept.map((line) => line.file));
  mkdirSync(dirname(opt.out), { recursive: true });
  writeFileSync(opt.out, kept.map(asText).join(''));
  const tasks = files.filter((file) => !done.has(file)).map((file) => ({ file, path: join(opt.dir, file) }));
  return readDocuments(tasks, {
    cache: opt.cache,
    reader: opt.reader,
    threads: opt.threads,
    total: files.length,
    onOutcomes: ({ file }, outcomes) => {
      for (const [i, outcome] of outcomes.entries()) {
        const part = outcomes.length > 1 ? i + 1 : undefined;
        const origin = { file, part, ms: outcome.ms, language: 'en' as const };
        const line = outcome.kind === 'read' ? extractLine(outcome.invoice, origin) : unreadableLine(outcome, origin);
        appendFileSync(opt.out, asText(line));
        if (outcome.kind === 'read') onReading?.(file, outcome.reading);
      }
    },
  });
}
