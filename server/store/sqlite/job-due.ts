/** When a waiting job's time has come. */
import { gt, lte, or, sql } from 'drizzle-orm';
import { job } from './schema.ts';

const WEBHOOK_MS = 24 * 3_600_000;
const OTHERS_MS = 600_000;

/** Longer than any delay: what seems to wait longer was put off before the clock of this machine was set back, and would wait for it for years. */
export const longestWaitMs = (name: string): number => (name === 'webhook' ? WEBHOOK_MS : OTHERS_MS);

export const isDue = (nowMs: number) =>
  or(
    lte(job.runAt, nowMs),
    gt(job.runAt, sql`${nowMs} + CASE ${job.name} WHEN 'webhook' THEN ${WEBHOOK_MS} ELSE ${OTHERS_MS} END`),
  );
