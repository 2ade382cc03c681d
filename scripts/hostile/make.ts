/** Writes the hostile corpus: `node scripts/hostile/make.ts [FOLDER]`. Seeded: the same bytes every time. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { archiveFiles } from './archives.ts';
import type { Expected } from './case.ts';
import { imageFiles } from './images.ts';
import { pdfFiles } from './pdfs.ts';
import { textFiles } from './texts.ts';

export interface HostileCase {
  readonly file: string;
  readonly path: string;
  readonly expected: Expected;
}

export async function makeHostile(folder: string): Promise<HostileCase[]> {
  await mkdir(folder, { recursive: true });
  const files = [...(await pdfFiles()), ...(await imageFiles()), ...(await archiveFiles()), ...textFiles()];
  const cases: HostileCase[] = [];
  for (const { file, bytes, expected } of files) {
    const path = join(folder, file);
    await writeFile(path, bytes);
    cases.push({ file, path, expected });
  }
  await writeFile(
    join(folder, 'expected.json'),
    `${JSON.stringify(
      cases.map(({ file, expected }) => ({ file, expected })),
      null,
      2,
    )}\n`,
  );
  return cases;
}

if (import.meta.main) {
  const folder = resolve(process.argv[2] ?? 'hostile-corpus');
  const cases = await makeHostile(folder);
  console.log(`${cases.length} files in ${folder}`);
}
