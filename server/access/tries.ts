/**
 * How fast passwords and codes can be guessed at. Three counts: this account from this address, this account from anywhere, this address for any account. A browser
 * that has signed in before has a count of its own, so that an attack on an account from elsewhere does not keep its owner out.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { ThrottlePolicy } from '../../core/access/throttle.ts';
import type { Parts } from './parts.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const PAIR: ThrottlePolicy = { free: 5, firstWaitMs: 2 * SECOND, longestWaitMs: 15 * MINUTE, forgetMs: 12 * HOUR };
/** Waits are short: whoever attacks from everywhere must not lock the owner out. */
const ACCOUNT: ThrottlePolicy = { free: 30, firstWaitMs: SECOND, longestWaitMs: MINUTE, forgetMs: 12 * HOUR };
/** An office has one address; what was right is taken back. */
const ADDRESS: ThrottlePolicy = { free: 60, firstWaitMs: SECOND, longestWaitMs: 5 * MINUTE, forgetMs: 12 * HOUR };
const CODE: ThrottlePolicy = { free: 5, firstWaitMs: 5 * SECOND, longestWaitMs: 15 * MINUTE, forgetMs: 12 * HOUR };

const TOLD: ThrottlePolicy = { free: 1, firstWaitMs: MINUTE, longestWaitMs: MINUTE, forgetMs: HOUR };

/** A /64 is one connection's own: its addresses are no different people. */
export function addressGroup(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').split('%')[0]!;
  if (!isIPv6(plain)) return plain;
  const [head = '', tail = ''] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  const groups = plain.includes('::') ? [...left, ...zeros, ...right] : left;
  return `${groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}

export interface Who {
  readonly site: string;
  readonly login: string;
  readonly address: string;
  /** The cookie of a browser that has signed in before. */
  readonly known: string | undefined;
}

export interface Tries {
  /** Milliseconds to wait, 0 where the password may be looked at. */
  password(who: Who): Promise<number>;
  passwordWasRight(who: Who): Promise<void>;
  /** Whether a refusal is worth an event: of many in a minute from one place one is enough, or the chain itself would be what is attacked. */
  isWorthTelling(site: string, address: string): Promise<boolean>;
  code(site: string, account: string): Promise<number>;
  codeWasRight(site: string, account: string): Promise<void>;
  /** The cookie by which this browser is known for this login. */
  knownBrowser(site: string, login: string): string;
}

export function createTries({ store, secrets, now }: Pick<Parts, 'store' | 'secrets' | 'now'>): Tries {
  const key = (...parts: readonly string[]): string => secrets.digest('try', JSON.stringify(parts));
  const secret = secrets.derived('cookie', 'known-browser');
  const mark = (site: string, login: string, id: string): string =>
    createHmac('sha256', secret)
      .update(JSON.stringify([site, login, id]))
      .digest('base64url');

  function knownId({ site, login, known }: Who): string | undefined {
    const [id = '', given = ''] = (known ?? '').split('.');
    const right = Buffer.from(mark(site, login, id));
    const sent = Buffer.from(given);
    return id !== '' && sent.length === right.length && timingSafeEqual(sent, right) ? id : undefined;
  }

  function keysOf(who: Who): { own: { key: string; policy: ThrottlePolicy }[]; address: string } {
    const { site, login } = who;
    const from = addressGroup(who.address);
    const id = knownId(who);
    const own =
      id === undefined
        ? [
            { key: key('pair', site, login, from), policy: PAIR },
            { key: key('account', site, login), policy: ACCOUNT },
          ]
        : [{ key: key('known', site, login, id), policy: PAIR }];
    return { own, address: key('address', from) };
  }

  return {
    async password(who) {
      const { own, address } = keysOf(who);
      for (const one of [{ key: address, policy: ADDRESS }, ...own]) {
        const wait = await store.tryNow(one.key, one.policy, now());
        if (wait > 0) return wait;
      }
      return 0;
    },
    async passwordWasRight(who) {
      const { own, address } = keysOf(who);
      await store.clearTries(own.map((one) => one.key));
      await store.forgiveTry(address);
    },
    isWorthTelling: async (site, address) =>
      (await store.tryNow(key('told', site, addressGroup(address)), TOLD, now())) === 0,
    code: (site, account) => store.tryNow(key('code', site, account), CODE, now()),
    codeWasRight: (site, account) => store.clearTries([key('code', site, account)]),
    knownBrowser(site, login) {
      const id = randomBytes(12).toString('base64url');
      return `${id}.${mark(site, login, id)}`;
    },
  };
}
