/**
 * Passwords by argon2id, as Node has it. Parameters after OWASP's Password Storage Cheat Sheet (19 MiB, two passes, one lane); they stand in each hash, so that
 * stronger ones take over at the next sign-in. At most a few are computed at once: each needs its memory, and a flood of sign-ins must not take the machine.
 */
import { argon2, type Argon2Parameters, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { normalPassword } from '../../core/access/password-policy.ts';
import { AppError } from '../../core/contract/errors.ts';

const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const HASH_BYTES = 32;
const SALT_BYTES = 16;

const AT_ONCE = 2;
const WAITING = 60;

const compute = promisify((parameters: Argon2Parameters, done: (error: Error | null, hash: Buffer) => void) =>
  argon2('argon2id', parameters, done),
);

interface Parsed {
  readonly memory: number;
  readonly passes: number;
  readonly lanes: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

function parsePhc(text: string): Parsed | undefined {
  const found = PHC.exec(text);
  if (found === null) return undefined;
  const [, memory, passes, lanes, salt, hash] = found as unknown as [string, string, string, string, string, string];
  return {
    memory: Number(memory),
    passes: Number(passes),
    lanes: Number(lanes),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

const bare = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

export interface Passwords {
  hash(password: string): Promise<string>;
  /** Takes the same time where there is no hash: who has an account does not show in the time of the answer. */
  verify(password: string, phc: string | null): Promise<boolean>;
  /** Made with other parameters than those of today. */
  isOld(phc: string): boolean;
}

/** Runs at most `atOnce`; refuses rather than letting more than `waiting` wait. */
export function createGate(atOnce: number, waiting: number): <T>(run: () => Promise<T>) => Promise<T> {
  let running = 0;
  const queue: (() => void)[] = [];
  return async (run) => {
    if (running >= atOnce) {
      if (queue.length >= waiting)
        throw new AppError('unavailable', 'Too many people sign in at this moment. Try again in a few seconds.', {
          retryAfter: 5,
        });
      await new Promise<void>((go) => queue.push(go));
    } else running += 1;
    try {
      return await run();
    } finally {
      // The place goes to the next one as it is.
      const next = queue.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

export function createPasswords(): Passwords {
  const gate = createGate(AT_ONCE, WAITING);
  const digest = (
    password: string,
    { memory, passes, lanes, salt, hash }: Omit<Parsed, 'hash'> & { hash: { length: number } },
  ) =>
    gate(() =>
      compute({
        message: Buffer.from(normalPassword(password), 'utf8'),
        nonce: salt,
        parallelism: lanes,
        tagLength: hash.length,
        memory,
        passes,
      }),
    );
  const today = { memory: MEMORY_KIB, passes: PASSES, lanes: LANES };
  // Of a password that nobody has.
  const nobody: Parsed = { ...today, salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) };
  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      const hash = await digest(password, { ...today, salt, hash: { length: HASH_BYTES } });
      return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${bare(salt)}$${bare(hash)}`;
    },
    async verify(password, phc) {
      const known = phc === null ? undefined : parsePhc(phc);
      const against = known ?? nobody;
      const hash = await digest(password, against);
      return timingSafeEqual(hash, against.hash) && known !== undefined;
    },
    isOld(phc) {
      const known = parsePhc(phc);
      return known?.memory !== MEMORY_KIB || known.passes !== PASSES || known.lanes !== LANES;
    },
  };
}
