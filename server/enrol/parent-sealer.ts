/** The key store of the system, by way of the process that started this one. */
import { KeyStoreAnswer, type KeyStoreCall } from '../../core/contract/key-store.ts';
import type { Sealer } from './secrets.ts';

export interface ParentChannel {
  send(message: KeyStoreCall): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** The system may ask the person for a password. */
const PATIENCE_MS = 120_000;
const NAME_MS = 10_000;

/** Undefined where the parent has no store that protects anything, or does not answer. */
export function createParentSealer(channel: ParentChannel): () => Promise<Sealer | undefined> {
  const waiting = new Map<number, (text: string | null) => void>();
  let last = 0;
  let known: Promise<Sealer | undefined> | undefined;
  channel.onMessage((message) => {
    const answer = KeyStoreAnswer.safeParse(message);
    if (!answer.success) return;
    waiting.get(answer.data.id)?.(answer.data.text);
    waiting.delete(answer.data.id);
  });

  function ask(what: KeyStoreCall['what'], text = '', ms = PATIENCE_MS): Promise<string | null> {
    last += 1;
    const id = last;
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        waiting.delete(id);
        resolve(null);
      }, ms);
      waiting.set(id, (answer) => {
        clearTimeout(late);
        resolve(answer);
      });
      channel.send({ ask: 'key-store', id, what, text });
    });
  }

  async function open(): Promise<Sealer | undefined> {
    const name = await ask('name', '', NAME_MS);
    if (name === null) return undefined;
    return {
      name,
      async seal(text) {
        const sealed = await ask('seal', text);
        if (sealed === null) throw new Error('the key store of the system did not seal');
        return sealed;
      },
      open: async (sealed) => (await ask('open', sealed)) ?? undefined,
    };
  }
  // Not before it is needed: some systems ask the person.
  return () => (known ??= open());
}
