/** Says at the site that an invoice is open here, again while it is, and that it is not any more. Nothing waits for it. */
import type { Holder } from '../../core/contract/together-http.ts';
import { BEAT_MS, IDLE_MS } from '../../core/together/terms.ts';
import { may } from '../access.ts';
import type { Client } from '../api.ts';
import type { AppStore } from '../app-store.ts';
import { isOpen } from '../inbox/inbox-store.ts';
import type { ReviewStore } from '../review/review-store.ts';
import { nameOf, t } from '../text.ts';
import type { TogetherStore } from './together-store.ts';

/** Nobody waits longer to be told which invoice is next. */
const NEXT_MS = 900;

export interface DeskKeeperDeps {
  readonly client: Client;
  readonly app: AppStore;
  readonly review: ReviewStore;
  readonly together: TogetherStore;
  /** Of this page. */
  readonly window: string;
  readonly now: () => number;
}

export interface DeskKeeper extends ReturnType<typeof createDeskKeeper> {}

export function createDeskKeeper({ client, app, review, together, window, now }: DeskKeeperDeps) {
  let at: string | undefined;
  let isMine = false;
  let activeAt = now();

  async function sit(id: string, claim: 'none' | 'free' | 'over'): Promise<Holder | null> {
    const { holder } = await client.keepDesk({ params: { id }, body: { window, claim } });
    if (at === id) isMine = holder?.own === true;
    return holder;
  }
  /** Whoever only looks, or has gone to lunch, works on nothing. */
  function wish(): 'none' | 'free' {
    const doc = review.current();
    const isWork = doc === undefined || doc.id !== at || isOpen(doc.server.status);
    return isWork && may(app.getState(), 'invoice.correct') && now() - activeAt < IDLE_MS ? 'free' : 'none';
  }
  function beat(): void {
    if (at !== undefined && together.getState().on) void sit(at, wish()).catch(() => undefined);
  }
  function leave(id: string): void {
    isMine = false;
    if (together.getState().on) void client.leaveDesk({ params: { id }, body: { window } }).catch(() => undefined);
  }
  function follow(): void {
    const { route, session } = app.getState();
    const id = route.screen === 'review' && session === 'open' ? route.id : undefined;
    if (id === at) return;
    if (at !== undefined) leave(at);
    at = id;
    beat();
  }
  /** Somebody has taken over what was worked on here. */
  function notice(): void {
    const worker = at === undefined ? undefined : together.getState().byInvoice.get(at)?.worker;
    if (!isMine || worker === undefined) return;
    isMine = false;
    app.say(t('ui.together.lost', { name: nameOf(worker.actor) }));
  }
  const statusIn = (state: ReturnType<ReviewStore['getState']>): string | undefined =>
    at === undefined ? undefined : state.docs[at]?.server.status;

  function active(): void {
    const wasAway = now() - activeAt >= IDLE_MS;
    activeAt = now();
    if (wasAway) beat();
  }
  function gone(): void {
    if (at !== undefined) leave(at);
  }

  return {
    /** Of these the first that nobody else has, taken at once; where nobody can be asked, the first. Undefined: others have all of them. */
    async next(invoices: readonly string[]): Promise<string | undefined> {
      const [first] = invoices;
      if (first === undefined || !together.getState().on || !may(app.getState(), 'invoice.correct')) return first;
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(), NEXT_MS);
      try {
        const { invoice } = await client.claimNext({ body: { window, invoices: [...invoices] } }, controller.signal);
        return invoice ?? undefined;
      } catch {
        return first;
      } finally {
        clearTimeout(timer);
      }
    },
    async takeOver(): Promise<void> {
      const id = at;
      if (id === undefined) return;
      const { worker, away } = together.getState().byInvoice.get(id) ?? {};
      const before = worker ?? away;
      const holder = await sit(id, 'over');
      if (holder?.own === true && before !== undefined)
        app.say(t('ui.together.over.done', { name: nameOf(before.actor) }), 'success');
    },
    start(place: Pick<Window, 'addEventListener' | 'removeEventListener'>): () => void {
      const timer = setInterval(beat, BEAT_MS);
      const stops = [
        app.subscribe(follow),
        together.subscribe((state, before) => {
          if (state.on && !before.on) beat();
          notice();
        }),
        // What was decided is worked on no more.
        review.subscribe((state, before) => {
          const was = statusIn(before);
          if (was !== undefined && was !== statusIn(state)) beat();
        }),
      ];
      const heard = { keydown: active, pointerdown: active, pagehide: gone, pageshow: beat };
      for (const [what, hear] of Object.entries(heard)) place.addEventListener(what, hear);
      follow();
      return () => {
        clearInterval(timer);
        for (const stop of stops) stop();
        for (const [what, hear] of Object.entries(heard)) place.removeEventListener(what, hear);
      };
    },
  };
}
