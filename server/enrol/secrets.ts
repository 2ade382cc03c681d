/**
 * What must not be read by others: the device's key and the sign-in. The values lie in a file of the data folder that only this user may read; where the system
 * has a key store (Electron's safeStorage, which the window's process asks for us) they are sealed by it, so that a copy of the folder is worth nothing.
 */
import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { z } from 'zod';
import { createLane } from '../lane.ts';

export type SecretName = 'device-key' | 'refresh-token' | 'access-token' | 'incarnation';

export interface Secrets {
  /** Undefined where there is none; throws `LockedError` where there is one and nobody opens it. */
  get(name: SecretName): Promise<string | undefined>;
  set(name: SecretName, value: string): Promise<void>;
  delete(name: SecretName): Promise<void>;
  /** For people: the key store's name, or null where the file alone protects them. */
  keyStore(): Promise<string | null>;
  readonly path: string;
}

/** A key store of the system. */
export interface Sealer {
  readonly name: string;
  seal(text: string): Promise<string>;
  /** Undefined: not by this one (another machine's, another user's, or the store was emptied). */
  open(sealed: string): Promise<string | undefined>;
}

/** The value is there, and nobody can read it: its key store is not there, or the file is not ours. */
export class LockedError extends Error {
  constructor(options?: ErrorOptions) {
    super('The keys of this station cannot be read now.', options);
    this.name = 'LockedError';
  }
}

const Kept = z.object({
  v: z.literal(1),
  items: z.record(z.string(), z.object({ sealed: z.boolean(), text: z.string() })),
});
type Items = z.infer<typeof Kept>['items'];

async function load(path: string): Promise<Items> {
  try {
    return Kept.parse(JSON.parse(await readFile(path, 'utf8'))).items;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    // Torn or altered: as good as none. Whoever had keys in it connects again.
    if (error instanceof SyntaxError || error instanceof z.ZodError) return {};
    throw error;
  }
}

/** There as a whole or not at all, and for nobody else from its first byte. */
async function store(path: string, items: Items): Promise<void> {
  const part = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    const file = await open(part, 'wx', 0o600);
    try {
      await file.writeFile(JSON.stringify({ v: 1, items }));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** `keyStore` is asked when it is needed first, and once. */
export function createFileSecrets(
  path: string,
  keyStore: () => Promise<Sealer | undefined> = () => Promise.resolve(undefined),
): Secrets {
  const lane = createLane();
  const change = (turn: (items: Items) => Items): Promise<void> =>
    lane(async () => store(path, turn(await load(path))));
  return {
    path,
    keyStore: async () => (await keyStore())?.name ?? null,
    async get(name) {
      const items = await lane(() => load(path)).catch((error: unknown) => {
        throw new LockedError({ cause: error });
      });
      const item = items[name];
      if (item === undefined || !item.sealed) return item?.text;
      const opened = await (await keyStore())?.open(item.text);
      if (opened === undefined) throw new LockedError();
      return opened;
    },
    async set(name, value) {
      const sealer = await keyStore();
      const text = sealer === undefined ? value : await sealer.seal(value);
      await change((items) => ({ ...items, [name]: { sealed: sealer !== undefined, text } }));
    },
    delete: (name) => change(({ [name]: _gone, ...rest }) => rest),
  };
}
