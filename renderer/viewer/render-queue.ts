/** Pages are drawn one at a time, those on the screen first; what scrolled away before its turn is not drawn at all. */
export interface RenderQueue {
  /** Lower runs first. Returns the way to withdraw it; a withdrawn or failed job never calls back. */
  add(priority: () => number, run: (signal: AbortSignal) => Promise<void>): () => void;
}

interface Job {
  readonly priority: () => number;
  readonly run: (signal: AbortSignal) => Promise<void>;
  readonly controller: AbortController;
}

export function createRenderQueue(onError: (error: unknown) => void): RenderQueue {
  const jobs = new Set<Job>();
  let running = false;

  async function pump(): Promise<void> {
    if (running) return;
    running = true;
    // A turn later, so that everything asked for in one go is weighed together.
    await Promise.resolve();
    while (jobs.size > 0) {
      const job = [...jobs].reduce((best, other) => (other.priority() < best.priority() ? other : best));
      jobs.delete(job);
      try {
        await job.run(job.controller.signal);
      } catch (error) {
        if (!job.controller.signal.aborted) onError(error);
      }
    }
    running = false;
  }

  return {
    add(priority, run) {
      const job: Job = { priority, run, controller: new AbortController() };
      jobs.add(job);
      void pump();
      return () => {
        jobs.delete(job);
        job.controller.abort();
      };
    },
  };
}
