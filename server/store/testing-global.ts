/** For vitest's main process: one Postgres for the test files that wish for it. A run without such a test starts none. */
import type { TestProject } from 'vitest/node';
import { startCluster } from './testing-cluster.ts';
import { prepareCluster } from './testing-roles.ts';
import { answerWishes, type Started } from './testing-wish.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly postgresSocket: string;
  }
}

async function start(): Promise<Started<{ url: string }>> {
  const made = await startCluster();
  await prepareCluster(made.url);
  return { answer: { url: made.url }, stop: () => made.stop() };
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const wishes = await answerWishes('postgres', start);
  project.provide('postgresSocket', wishes.path);
  return async () => {
    const failed = await wishes.close();
    if (failed === undefined) return;
    process.stderr.write(`\nSKIPPED: every test that needs Postgres. It could not be started here: ${failed}\n\n`);
  };
}
