import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = import.meta.dirname;

// The threads of stores load the sources as they are, hundreds of times in a run: Node keeps what it compiled of them.
process.env['NODE_COMPILE_CACHE'] ??= join(root, '.cache', 'compile');

export default defineConfig({
  test: {
    include: ['{core,worker,server,renderer,main,scripts}/**/*.test.{ts,tsx,mjs}'],
    globalSetup: ['scripts/temporary/run.ts', 'server/store/testing-global.ts', 'e2e/site/ceph-global.ts'],
    setupFiles: ['scripts/temporary/suite.ts'],
    pool: 'forks',
    execArgv: ['--import', pathToFileURL(join(root, 'scripts', 'unit-modules.mjs')).href],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
