/** Text that was typed and not yet saved survives a reload of the window, in this tab only; and so does what its author saw: what came since is replaced by nobody unseen. */
import type { ReviewStore } from './review-store.ts';

const KEY = 'ap.drafts';
const SEEN_KEY = 'ap.drafts.seen';
const WAIT_MS = 250;

export function keepDrafts(
  review: ReviewStore,
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
): () => void {
  const kept = read(storage.getItem(KEY), isText);
  const saw = read(storage.getItem(SEEN_KEY), isList);
  if (Object.keys(kept).length > 0)
    review.setState((s) => ({ drafts: { ...kept, ...s.drafts }, seen: { ...saw, ...s.seen } }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    const { drafts, seen } = review.getState();
    if (Object.keys(drafts).length === 0) for (const key of [KEY, SEEN_KEY]) storage.removeItem(key);
    else {
      storage.setItem(KEY, JSON.stringify(drafts));
      storage.setItem(SEEN_KEY, JSON.stringify(seen));
    }
  };
  const stop = review.subscribe((state, before) => {
    if (state.drafts !== before.drafts) timer ??= setTimeout(write, WAIT_MS);
  });
  globalThis.addEventListener?.('pagehide', write);
  return () => {
    stop();
    write();
    globalThis.removeEventListener?.('pagehide', write);
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isList = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);

/** Storage is outside of the program's control: what is no table of these is nothing. */
function read<T>(text: string | null, is: (value: unknown) => value is T): Record<string, T> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(Object.entries(value).filter((e): e is [string, T] => is(e[1])));
  } catch {
    return {};
  }
}
