import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 60_000;

/** Until a server that was started answers. */
export async function answering(
  url: string,
  child: ChildProcess,
  isUp = (status: number) => status < 500,
): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    if (child.exitCode !== null) throw new Error(`what was to answer at ${url} ended with ${child.exitCode}`);
    const reply = await fetch(url).catch(() => undefined);
    await reply?.arrayBuffer();
    if (reply !== undefined && isUp(reply.status)) return;
    await sleep(100);
  }
  throw new Error(`no answer from ${url}`);
}
