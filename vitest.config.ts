import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{core,worker,server,renderer,main,scripts}/**/*.test.{ts,tsx,mjs}'],
    globalSetup: ['server/store/testing-global.ts'],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
