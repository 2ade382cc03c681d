/** `npm run samples`: makes resources/samples and the truth beside this script. The same bytes every time, on any machine with the same packages. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeSamples } from './make.ts';

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, '..', '..', 'resources', 'samples');

await mkdir(target, { recursive: true });
const made = await makeSamples();
const names = new Set(made.map(({ file }) => file));
for (const old of await readdir(target)) if (/^\d\d-/.test(old) && !names.has(old)) await rm(join(target, old));
let total = 0;
for (const { file, bytes } of made) {
  await writeFile(join(target, file), bytes);
  total += bytes.length;
  process.stdout.write(`${file.padEnd(48)} ${String(Math.ceil(bytes.length / 1024)).padStart(6)} kB\n`);
}
const truth = Object.fromEntries(made.map(({ file, truth: values }) => [file, values]));
await writeFile(join(here, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`);
process.stdout.write(`${made.length} samples, ${Math.ceil(total / 1024)} kB\n`);
