#!/usr/bin/env node
// The package's `bin`: the same program as `npm run cli`, from any folder.
delete process.env.INIT_CWD;
await import('./cli.mjs');
