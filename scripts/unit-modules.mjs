/**
 * Loaded first in every process and thread of the unit tests (vitest.config.ts). Node asks for the nearest package.json of each module it resolves, and reads all of it
 * again each time: of drizzle-orm that are 180 kB, a hundred times, half a second in every thread of a store. What stands beside a module of drizzle-orm is an ES module
 * as it is. The built product has drizzle-orm in its own tree (electron.vite.config.ts).
 */
import { registerHooks } from 'node:module';

const PACKAGE = '/node_modules/drizzle-orm/';

registerHooks({
  resolve(specifier, context, next) {
    const { parentURL } = context;
    if (!specifier.startsWith('.') || !specifier.endsWith('.js') || !parentURL?.includes(PACKAGE))
      return next(specifier, context);
    return { url: new URL(specifier, parentURL).href, format: 'module', shortCircuit: true };
  },
});
