import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.e2e.ts'],
    // One temporary folder for all: a Chromium out of a package is unpacked there once, and one that nobody closed goes on writing until its suite has ended.
    globalSetup: ['../scripts/temporary/run.ts'],
    pool: 'forks',
    // One browser and one station at a time: they are what is measured, not how they share two cores.
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 90_000,
    // What comes, comes when the machine has time for it: a second is no promise of the product.
    expect: { poll: { timeout: 20_000 } },
    bail: 0,
  },
});
