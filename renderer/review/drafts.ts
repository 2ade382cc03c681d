/** Text that was typed and not yet saved survives a reload of the window, in this tab only. */
import type { ReviewStore } from './review-store.ts';

const KEY = 'ap.drafts';
const WAIT_MS = 250;

export function keepDrafts(
  review: ReviewStore,
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
): () => void {
  const kept = read(storage.getItem(KEY));
  if (Object.keys(kept).length > 0) review.setState((s) => ({ drafts: { ...kept, ...s.drafts } }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    const { drafts } = review.getState();
    if (Object.keys(drafts).length === 0) storage.removeItem(KEY);
    else storage.setItem(KEY, JSON.stringify(drafts));
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

/** Storage is outside of the program's control: what is no table of texts is nothing. */
function read(text: string | null): Record<string, string> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(Object.entries(value).filter((e): e is [string, string] => typeof e[1] === 'string'));
  } catch {
    return {};
  }
}
