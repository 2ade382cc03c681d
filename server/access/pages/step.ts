/** How far somebody is with signing in: kept sealed on the server, under the id of the interaction. A browser holds nothing of it. */
import { z } from 'zod';
import type { Parts } from '../parts.ts';
import { plainDigest } from '../secrets.ts';

const MODEL = 'SignInStep';
const LIFE_MS = 15 * 60_000;

const Step = z.object({
  site: z.string(),
  account: z.string(),
  at: z.enum(['code', 'set-up', 'done']),
  /** Of an authenticator that is being set up. */
  secret: z.string().optional(),
  how: z.string(),
});
export type Step = z.infer<typeof Step>;

export interface Steps {
  read(uid: string): Promise<Step | undefined>;
  write(uid: string, step: Step): Promise<void>;
  /** True once: two requests that finish the same are not two sign-ins. */
  end(uid: string): Promise<boolean>;
  drop(uid: string): Promise<void>;
}

export function createSteps({ store, secrets, now }: Pick<Parts, 'store' | 'secrets' | 'now'>): Steps {
  return {
    async read(uid) {
      const id = plainDigest(uid);
      const found = await store.record(MODEL, { id }, now());
      const text = found === undefined ? undefined : secrets.open('record', `${MODEL}/${id}`, found.payload);
      return text === undefined || found?.consumedAt !== null ? undefined : Step.parse(JSON.parse(text));
    },
    async write(uid, step) {
      const id = plainDigest(uid);
      const payload = secrets.seal('record', `${MODEL}/${id}`, JSON.stringify(step));
      await store.putRecord({
        model: MODEL,
        id,
        grant: null,
        userCode: null,
        uid: null,
        payload,
        expiresAt: now() + LIFE_MS,
      });
    },
    end: (uid) => store.consumeRecord(MODEL, plainDigest(uid), now()),
    drop: (uid) => store.dropRecord(MODEL, plainDigest(uid)),
  };
}
