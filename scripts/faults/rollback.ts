/** A site that comes back from an old copy, step by step as the person does it who looks after it (docs/erasure.md). */
import { rm } from 'node:fs/promises';
import { run } from '../site/children.ts';
import type { FaultSite } from './site.ts';

export interface Copy {
  /** The servers are stopped, and everything that was committed after the copy is gone. */
  bringBack(): Promise<void>;
  remove(): Promise<void>;
}

/** Postgres stands still while its folder is copied. */
export async function copyDatabase({ running: { stores, replicas } }: FaultSite): Promise<Copy> {
  const [[data = ''] = []] = await stores.sql('SHOW data_directory');
  const copy = `${data}-copy`;
  const whileDown = async (work: () => Promise<unknown>): Promise<void> => {
    await stores.postgres.crash();
    await work();
    await stores.postgres.restart();
  };
  await whileDown(() => run('/bin/cp', ['-a', data, copy]));
  return {
    async bringBack() {
      await Promise.all(replicas.map((replica) => replica.stop()));
      await whileDown(async () => {
        await rm(data, { recursive: true });
        await run('/bin/cp', ['-a', copy, data]);
      });
    },
    remove: () => rm(copy, { recursive: true, force: true }),
  };
}

/** `isTold`: by the command that is for it, before the servers are started. What it said. */
export async function startAgain({ running }: FaultSite, isTold: boolean): Promise<string> {
  const said = isTold ? await running.cli('site', 'restored') : '';
  for (const replica of running.replicas) replica.start();
  await running.ready();
  return said.trim().replaceAll('\n', '; ');
}
