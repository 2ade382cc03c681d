/**
 * [Note: A sign-in that ends] At a site a cookie that no script can read says who is there. It ends: by time, by an admin, in another tab. Before anything was
 * shown the window goes to sign in and comes back. Later nothing is taken away: a banner says so, the sign-in happens in a window of its own, and what was typed
 * or is on its way waits, for the same person only. All windows of the browser share the cookie, so they tell each other.
 */
import { WEB_SIGN_IN } from '../../core/contract/access.ts';
import type { ApiError, Client } from '../api.ts';
import type { AppStore } from '../app-store.ts';
import { problemText } from '../problem.ts';
import type { ReviewStore } from '../review/review-store.ts';

export const SIGNED_IN = '#/signed-in';
const CHANNEL = 'ap.session';
const LEFT = 'ap.left';
const WENT = 'ap.went';
const PERSON = 'ap.person';
/** Back from a sign-in without being signed in: going there again by itself would never end. */
const TWICE_MS = 20_000;

type News = 'signed-in' | 'signed-out';

/** What of a browser is used here. */
export interface Places {
  readonly location: Pick<Location, 'hash' | 'assign' | 'replace'>;
  readonly tab: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly browser: Pick<Storage, 'key' | 'length' | 'removeItem'>;
  readonly open: (url: string, name: string, features: string) => unknown;
  readonly now: () => number;
}

export interface Session extends ReturnType<typeof createSession> {}

const signInUrl = (to: string): string => `${WEB_SIGN_IN}?to=${encodeURIComponent(to)}`;

/** Signed out on purpose: the window stays out until it is asked to go in again. */
export const hasLeft = (tab: Pick<Storage, 'getItem'>): boolean => tab.getItem(LEFT) !== null;

export function signInAgain({ location, tab }: Pick<Places, 'location' | 'tab'>): void {
  tab.removeItem(LEFT);
  location.assign(signInUrl(`/${location.hash}`));
}

// A channel is of this origin alone and takes no target.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
const post = (channel: BroadcastChannel, news: News): void => channel.postMessage(news);

/** In the window of the sign-in, at its end. */
export function tellSignedIn(): void {
  const channel = new BroadcastChannel(CHANNEL);
  post(channel, 'signed-in');
  channel.close();
}

interface SessionDeps {
  readonly client: Pick<Client, 'signOut' | 'onRefusal'>;
  readonly app: AppStore;
  readonly review: Pick<ReviewStore, 'setState' | 'getState'>;
  readonly places: Places;
}

export function createSession({ client, app, review, places }: SessionDeps) {
  const { location, tab, browser } = places;
  let leaving = false;
  let told: BroadcastChannel | undefined;

  /** Nothing of a person stays for the next one. */
  function forget(): void {
    review.setState({ drafts: {}, docs: {}, undo: [], redo: [] });
    tab.removeItem(PERSON);
    for (let index = browser.length - 1; index >= 0; index -= 1) {
      const key = browser.key(index);
      if (key?.startsWith('ap.reasons.')) browser.removeItem(key);
    }
  }

  function leave(): void {
    forget();
    tab.setItem(LEFT, 'yes');
    location.replace('/');
  }

  function ended(reason: unknown): void {
    if (leaving) return;
    const shown = app.getState().status !== null;
    const went = Number(tab.getItem(WENT) ?? 0);
    if (shown || places.now() - went < TWICE_MS)
      return app.setState({ session: reason === 'device-revoked' ? 'revoked' : 'ended' });
    leaving = true;
    tab.setItem(WENT, String(places.now()));
    location.assign(signInUrl(`/${location.hash}`));
  }

  function onRefusal({ code, details }: ApiError): void {
    if (code === 'unauthorized' && details['reason'] === undefined) app.setState({ unauthorized: true });
    else if (code === 'unauthorized') ended(details['reason']);
    // The role is not the one that was shown any more.
    else if (code === 'forbidden' && details['action'] !== undefined) app.refreshMe().catch(() => undefined);
  }

  /** Whether something would be lost. */
  const unsaved = (): boolean => {
    const { drafts, docs } = review.getState();
    return Object.keys(drafts).length > 0 || Object.values(docs).some(({ pending }) => pending.length > 0);
  };
  return {
    /** After `app.load`: what another person left in this tab is not this one's. */
    arrived(): void {
      const { me } = app.getState();
      if (me === null) return;
      tab.removeItem(WENT);
      const before = tab.getItem(PERSON);
      if (before !== null && before !== me.account) forget();
      tab.setItem(PERSON, me.account);
    },
    /** In a window of its own, so that this one keeps what it holds. */
    signIn(): void {
      const aside = app.getState().status !== null;
      const opened = aside ? places.open(signInUrl(`/${SIGNED_IN}`), 'ap-sign-in', 'popup,width=560,height=760') : null;
      if (opened === null) location.assign(signInUrl(`/${location.hash}`));
    },
    unsaved,
    async signOut(): Promise<void> {
      try {
        await client.signOut({ body: {} });
      } catch (error) {
        // Signed out already is signed out.
        if (app.getState().session === 'open') return app.say(problemText(error), 'error');
      }
      if (told !== undefined) post(told, 'signed-out');
      leave();
    },
    /** Goes on as the other person, with nothing of the one before. */
    startOver(): void {
      forget();
      location.replace('/');
    },
    /** `refresh` asks the server again who is there. */
    start(refresh: () => void): () => void {
      const channel = new BroadcastChannel(CHANNEL);
      channel.addEventListener('message', ({ data }) => {
        // Work that is not sent stays where it is, for the same person: another tab asked only for its own.
        if (data === 'signed-out' && unsaved()) app.setState({ session: 'ended' });
        else if (data === 'signed-out') leave();
        else if (data === 'signed-in') refresh();
      });
      told = channel;
      const stop = client.onRefusal(onRefusal);
      return () => {
        stop();
        channel.close();
      };
    },
  };
}
