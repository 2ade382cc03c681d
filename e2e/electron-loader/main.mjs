// Stands in for Electron's own default app in the test runtime: `electron [switches] [-r module] path/to/app [arguments]`.
// An ES module with a top-level await, so that Electron holds back 'ready' until the program's own code has run.
import { app } from 'electron';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const given = process.argv.slice(1);
const preloads = [];
let place = -1;
for (let index = 0; index < given.length && place < 0; index += 1) {
  if (given[index] === '-r' || given[index] === '--require') {
    preloads.push(given[index + 1]);
    index += 1;
  } else if (!given[index].startsWith('-')) place = index;
}

if (place < 0 || !existsSync(resolve(given[place]))) {
  console.error('usage: electron path/to/app');
  app.exit(1);
} else {
  process.defaultApp = true;
  const require = createRequire(join(process.cwd(), 'electron-loader.js'));
  for (const preload of preloads) require(resolve(preload));
  const folder = resolve(given[place]);
  let file = folder;
  if (statSync(folder).isDirectory()) {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    app.setVersion(manifest.version);
    app.setName(manifest.productName ?? manifest.name);
    app.setAppPath(folder);
    file = join(folder, manifest.main);
  }
  process.argv = [process.argv[0], ...given.slice(place)];
  try {
    await import(pathToFileURL(file).href);
  } catch (error) {
    console.error(error);
    app.exit(1);
  }
}
