import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

const root = import.meta.dirname;

/**
 * Everything that runs in Node, window and server alike. The tree of the sources is kept (`preserveModules`), because threads and children are
 * found by `new URL('./x.js', import.meta.url)`, and because a stack trace then names the file as it is in the repository.
 */
const NODE_ENTRIES = [
  'main/index',
  'server/start',
  'server/cli',
  'server/store/sqlite/thread',
  'server/access/store/sqlite-thread',
  'worker/index',
];

/**
 * Packages that come into the build and are not looked up in node_modules when a thread starts. Node parses a package's whole list of exports at every import
 * from it, and that of drizzle-orm has 180 kB: each of the database's threads took a quarter of a second for it, and the start waits for the first. Of
 * zod every thread loaded its messages in fifty languages.
 */
const INLINED = ['drizzle-orm', 'zod'];

/**
 * electron-vite puts `const require = createRequire(...)` into every module that looks as if it called `require`, also where the module made its own:
 * then it declares the name twice and cannot be loaded. Our sources are ES modules and make what they need themselves.
 */
const withoutShims: Plugin = {
  name: 'without-commonjs-shims',
  configResolved(config) {
    const plugins = config.plugins as Plugin[];
    const index = plugins.findIndex((plugin) => plugin.name === 'vite:esm-shim');
    if (index < 0) throw new Error('electron-vite has no esm-shim plugin any more: remove this one.');
    delete plugins[index]!.renderChunk;
  },
};

/** The about screen shows the notices of what ships; the file in the repository is checked to be up to date. */
const notices: Plugin = {
  name: 'third-party-notices',
  apply: 'build',
  generateBundle() {
    const source = readFileSync(join(root, 'THIRD_PARTY_NOTICES.md'), 'utf8');
    this.emitFile({ type: 'asset', fileName: 'third-party-notices.txt', source });
  },
};

export default defineConfig({
  main: {
    plugins: [withoutShims],
    build: {
      outDir: 'out/main',
      target: 'node22',
      sourcemap: true,
      externalizeDeps: { exclude: INLINED },
      rolldownOptions: {
        input: Object.fromEntries(NODE_ENTRIES.map((entry) => [entry, join(root, `${entry}.ts`)])),
        output: {
          format: 'es',
          preserveModules: true,
          preserveModulesRoot: root,
          // Below a folder named node_modules a module would have no package.json that says what it is, and who packs the program leaves those out.
          entryFileNames: ({ name }) => `${name.replace(/^node_modules\//, 'packages/')}.js`,
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: 'node22',
      // A sandboxed preload can load nothing but `electron`: whatever it imports is bundled, as CommonJS.
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: join(root, 'main/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: join(root, 'renderer'),
    base: '/',
    plugins: [react(), notices],
    build: {
      outDir: join(root, 'out/renderer'),
      emptyOutDir: true,
      // Both Electron's Chromium and any browser of the last two years.
      target: 'es2023',
      minify: true,
      rolldownOptions: { input: { index: join(root, 'renderer/index.html') } },
      chunkSizeWarningLimit: 4000,
    },
  },
});
