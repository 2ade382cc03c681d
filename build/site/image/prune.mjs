// `prune.mjs FOLDER`: takes out of an installed node_modules what the site never loads. Before that it makes sure that nothing is missing
// ([Note: Optional natives] in scripts/setup/lockfile.mjs: npm leaves native packages out in silence).
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { missingPackages } from '../../../scripts/setup/lockfile.mjs';

/** Paths in node_modules, with the reason each can go. A name may begin or end with a star. */
const UNUSED = [
  // Types and a compiler that are peers of other packages.
  'typescript',
  '@typescript',
  '@types',
  // Optional polyfill of pdf.js for drawing; pages are drawn by PDFium.
  '@napi-rs/canvas*',
  'pdfjs-dist/node_modules/@napi-rs',
  // The worker loads the legacy build; the window has its own in its bundle.
  'pdfjs-dist/build',
  'pdfjs-dist/web',
  'pdfjs-dist/types',
  'pdfjs-dist/image_decoders',
  // Language data is read from 4.0.0_best_int.
  ...['deu', 'eng', 'fra', 'ita', 'nld', 'osd', 'por', 'spa'].map((code) => `@tesseract.js-data/${code}/4.0.0`),
  // The engine is loaded from its .wasm; these carry the same as text.
  'tesseract.js-core/*.wasm.js',
  'tesseract.js-core/tesseract-core-relaxedsimd*',
  'tesseract.js/dist',
  '@hyzyla/pdfium/dist/*.base64*',
  // Sources of SQLite, and its binaries for other systems.
  'better-sqlite3/deps',
  'better-sqlite3/src',
];
/** Types, sources of types, maps: Node loads no TypeScript from node_modules. */
const DEAD_WEIGHT = /\.(?:map|[cm]?tsx?|tsbuildinfo)$/;
/** Words about a package, beside its licence: all licences stand in THIRD_PARTY_NOTICES.md, too. */
const ABOUT = /^(?!licen[cs]e|copying|notice).*\.(?:md|markdown)$/i;
/** Of a package, beside its package.json. */
const FOR_ITS_AUTHORS = new Set([
  'test',
  'tests',
  '__tests__',
  'docs',
  'example',
  'examples',
  'bench',
  'benchmark',
  'benchmarks',
  '.github',
]);

const matches = (name, pattern) => {
  if (pattern.startsWith('*')) return name.endsWith(pattern.slice(1));
  const [head, tail] = pattern.split('*');
  return tail === undefined ? name === pattern : name.startsWith(head) && name.endsWith(tail);
};

function remove(modules, pattern) {
  const cut = pattern.lastIndexOf('/');
  const folder = join(modules, cut < 0 ? '' : pattern.slice(0, cut));
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder))
    if (matches(name, pattern.slice(cut + 1))) rmSync(join(folder, name), { recursive: true, force: true });
}

function removeForeignBinaries(modules) {
  const folder = join(modules, 'better-sqlite3', 'prebuilds');
  const own = `${process.platform}-${process.arch}.node`;
  if (!existsSync(join(folder, own))) throw new Error(`better-sqlite3 has no binary for ${own}.`);
  for (const name of readdirSync(folder)) if (name !== own) rmSync(join(folder, name));
}

function removeDeadWeight(folder) {
  const isPackage = existsSync(join(folder, 'package.json'));
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (isPackage && FOR_ITS_AUTHORS.has(entry.name)) rmSync(path, { recursive: true });
      else removeDeadWeight(path);
    } else if (DEAD_WEIGHT.test(entry.name) || ABOUT.test(entry.name)) rmSync(path);
  }
}

/** What the lock file marks as needed for building and testing: npm leaves it out, but for what a package of the product would take along if it is there. */
function removeDeveloperPackages(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  for (const [path, entry] of Object.entries(packages)) {
    if (path === '' || !existsSync(join(root, path))) continue;
    if (entry.dev) throw new Error(`${path} is for building and testing, and was installed.`);
    if (entry.devOptional) rmSync(join(root, path), { recursive: true, force: true });
  }
}

const root = process.argv[2];
const modules = join(root, 'node_modules');
const missing = missingPackages(root, { includeDev: false });
if (missing.length > 0) throw new Error(`npm left out: ${missing.join(', ')}`);
for (const pattern of UNUSED) remove(modules, pattern);
removeDeveloperPackages(root);
removeForeignBinaries(modules);
removeDeadWeight(modules);
