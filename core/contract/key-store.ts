/**
 * The key store of the system, which only the window's process can reach: the server's process asks it over the channel that starting it has made. Nothing of a
 * page ever comes near it.
 */
import { z } from 'zod';

const Text = z.string().max(100_000);

export const KeyStoreCall = z.object({
  ask: z.literal('key-store'),
  id: z.int(),
  /** `name`: of the store, where it protects anything. */
  what: z.enum(['name', 'seal', 'open']),
  text: Text,
});
export type KeyStoreCall = z.infer<typeof KeyStoreCall>;

export const KeyStoreAnswer = z.object({
  answer: z.literal('key-store'),
  id: z.int(),
  /** Null: there is no such store, or it does not open this. */
  text: Text.nullable(),
});
export type KeyStoreAnswer = z.infer<typeof KeyStoreAnswer>;
