import { describe, expect, it } from 'vitest';
import { createRenderQueue } from './render-queue.ts';

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('createRenderQueue', () => {
  it('runs the most visible first, one at a time, and drops what was withdrawn', async () => {
    const order: string[] = [];
    const errors: unknown[] = [];
    const queue = createRenderQueue((e) => errors.push(e));
    let running = 0;
    const job = (name: string) => async () => {
      expect(++running).toBe(1);
      order.push(name);
      await Promise.resolve();
      running--;
    };
    queue.add(() => 5, job('far'));
    queue.add(() => 1, job('visible'));
    queue.add(() => 9, job('gone'))();
    queue.add(
      () => 3,
      async () => {
        running = 0;
        throw new Error('broken page');
      },
    );
    await settle();
    expect(order).toEqual(['visible', 'far']);
    expect(errors).toHaveLength(1);
  });

  it('stays silent about a job that was aborted while it ran', async () => {
    const errors: unknown[] = [];
    const queue = createRenderQueue((e) => errors.push(e));
    const withdraw = queue.add(
      () => 0,
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    );
    await settle();
    withdraw();
    await settle();
    expect(errors).toEqual([]);
  });
});
