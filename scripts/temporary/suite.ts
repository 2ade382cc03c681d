/** For vitest, before each test file: what its tests leave in the temporary folder goes after the last of them, also when they fail. */
import { afterAll } from 'vitest';
import { ownTemporaryFolder } from './folder.ts';

const remove = ownTemporaryFolder('s-');
// Registered before every other, it runs after all of them.
afterAll(() => {
  try {
    remove();
  } catch {
    // Windows keeps what is still open; it goes with the run.
  }
});
