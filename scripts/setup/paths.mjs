// Plain JavaScript for Node >= 18: everything under scripts/setup runs before the project's own Node exists.
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** What can be thrown away at any time: downloaded runtimes, test results, remembered failures. */
export const CACHE = join(ROOT, '.cache');
/** The Node the product runs on, whatever the machine has. The same version stands in package.json (devDependency `node`). */
export const NODE_VERSION = '24.21.0';
