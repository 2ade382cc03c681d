/**
 * `npm run notices [-- --check]`: THIRD_PARTY_NOTICES.md from the packages that ship with the product: the dependencies, what is bundled into the window, and
 * everything below them. `--check` fails where the file is not what it would write, or where a licence is not on the list.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const FILE = join(ROOT, 'THIRD_PARTY_NOTICES.md');

/** Development packages whose code ends up in the window's bundle. */
const BUNDLED = ['react', 'react-dom', 'react-aria-components', '@tanstack/react-virtual', 'zustand'];

/** Licences that may ship. LGPL only for libvips, which sharp loads as a library of its own that can be replaced. */
const ALLOWED = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'Unlicense',
  'MIT or MPL-2.0',
  '(MIT OR Apache-2.0)',
  '(MIT OR CC0-1.0)',
  '(MIT AND Zlib)',
  'Python-2.0',
  'LGPL-3.0-or-later',
  'Apache-2.0 AND LGPL-3.0-or-later',
  'Apache-2.0 AND LGPL-3.0-or-later AND MIT',
  'CC0-1.0',
]);

/** Programs inside packages, under licences of their own that the package's own licence does not name. */
const INSIDE = [
  ['better-sqlite3', 'SQLite', 'public domain'],
  ['@hyzyla/pdfium', 'PDFium', 'BSD-3-Clause and Apache-2.0'],
  ['zxing-wasm', 'ZXing-C++, stb_image', 'Apache-2.0, MIT'],
  ['tesseract.js-core', 'Tesseract OCR, Leptonica', 'Apache-2.0, BSD-2-Clause'],
  ['@tesseract.js-data/*', 'Tesseract language data', 'Apache-2.0'],
  [
    '@img/sharp-libvips-*',
    'libvips and the image libraries it is linked with',
    'LGPL-3.0-or-later and others, listed in the package',
  ],
  [
    'pdfjs-dist',
    'OpenJPEG, QCMS, JBIG2 and the standard fonts as WebAssembly and data',
    'BSD-2-Clause, MIT, Apache-2.0, listed in the package',
  ],
] as const;

interface LockEntry {
  readonly version: string;
  readonly license?: string;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
}
type Packages = Record<string, LockEntry>;

const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Where Node would find `name` for the package at `from`. */
function resolveFrom(packages: Packages, from: string, name: string): string | undefined {
  for (
    let base = from;
    ;
    base = base.includes('/node_modules/') ? base.slice(0, base.lastIndexOf('/node_modules/')) : ''
  ) {
    const path = base === '' ? `node_modules/${name}` : `${base}/node_modules/${name}`;
    if (packages[path]) return path;
    if (base === '') return undefined;
  }
}

/** Every package that ships, by its place in node_modules. */
export function shipped(packages: Packages): string[] {
  const root = packages[''];
  const found = new Set<string>();
  const visit = (from: string, names: readonly string[]): void => {
    for (const name of names) {
      const path = resolveFrom(packages, from, name);
      // Types are erased; they come in as peers of packages that have them.
      if (path === undefined || found.has(path) || name.startsWith('@types/')) continue;
      found.add(path);
      const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = packages[path]!;
      visit(path, Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }));
    }
  };
  visit('', [...Object.keys(root?.dependencies ?? {}), ...BUNDLED]);
  return [...found].toSorted((a, b) => nameOf(a).localeCompare(nameOf(b), 'en') || a.localeCompare(b, 'en'));
}

/** Made for one platform: on this machine it may not be installed, so only what the lock file knows of it can be told. */
const isNative = (entry: LockEntry): boolean => entry.os !== undefined || entry.cpu !== undefined;

function licenceText(path: string): string {
  const folder = join(ROOT, path);
  if (!existsSync(folder)) return '';
  const names = readdirSync(folder).filter(
    (name) => /^(licen[cs]e|copying|notice)/i.test(name) && !/\.(js|ts|json)$/.test(name),
  );
  return names
    .toSorted((a, b) => a.localeCompare(b, 'en'))
    .map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim())
    .join('\n\n');
}

export function makeNotices(packages: Packages): { text: string; refused: string[] } {
  const paths = shipped(packages);
  const refused: string[] = [];
  const rows: string[] = [];
  const texts = new Map<string, string[]>();
  const seen = new Set<string>();
  for (const path of paths) {
    const entry = packages[path]!;
    const id = `${nameOf(path)} ${entry.version}`;
    if (seen.has(id)) continue;
    seen.add(id);
    const licence = entry.license ?? 'none given';
    if (!ALLOWED.has(licence)) refused.push(`${id}: ${licence}`);
    rows.push(`| ${nameOf(path)} | ${entry.version} | ${licence} |`);
    // Optional packages without a platform hang on one that has (helpers of WebAssembly fall-backs).
    if (isNative(entry) || entry.optional) continue;
    const text = licenceText(path) || `(The package names its licence, ${licence}, and carries no text of it.)`;
    texts.set(text, [...(texts.get(text) ?? []), id]);
  }
  const inside = INSIDE.map(([pack, program, licence]) => `| ${pack} | ${program} | ${licence} |`);
  const sections = [...texts].map(([text, ids]) => `### ${ids.join(', ')}\n\n\`\`\`\`text\n${text}\n\`\`\`\``);
  const text = [
    '# Third-party notices',
    '',
    'AP Intake Station ships with the packages below. Made by `npm run notices` from the lock file and the installed packages; do not edit.',
    '',
    '| package | version | licence |',
    '| --- | --- | --- |',
    ...rows,
    '',
    '## Programs inside these packages',
    '',
    '| package | program | licence |',
    '| --- | --- | --- |',
    ...inside,
    '',
    'The desktop program runs in Electron (MIT), which contains Chromium and Node.js; their licences come with it as `LICENSES.chromium.html`.',
    '',
    '## Licence texts',
    '',
    'Packages made for one platform (see `os` and `cpu` in the lock file) carry their own texts.',
    '',
    sections.join('\n\n'),
    '',
  ].join('\n');
  return { text, refused };
}

if (import.meta.main) {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as { packages: Packages };
  const { text, refused } = makeNotices(lock.packages);
  for (const line of refused) process.stderr.write(`Licence not on the list of scripts/notices.ts: ${line}\n`);
  if (refused.length > 0) process.exitCode = 1;
  if (process.argv.includes('--check')) {
    const same = existsSync(FILE) && readFileSync(FILE, 'utf8') === text;
    process.stdout.write(
      same
        ? 'Third-party notices are up to date.\n'
        : 'THIRD_PARTY_NOTICES.md is out of date: run "npm run notices".\n',
    );
    if (!same) process.exitCode = 1;
  } else {
    writeFileSync(FILE, text);
    process.stdout.write(`Wrote ${FILE}\n`);
  }
}
