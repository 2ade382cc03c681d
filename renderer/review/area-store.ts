/** An area of the page that is being drawn, by mouse or keys, and read into the focused field. */
import { createStore } from 'zustand/vanilla';
import type { Box, PageReading } from '../../core/contract/reading.ts';
import type { Invoice } from '../../core/contract/invoice.ts';
import { isOpen } from '../../core/invoice/transitions.ts';
import { wordsIn } from '../../core/region/words.ts';
import { may } from '../access.ts';
import { ApiError } from '../api.ts';
import type { Client } from '../api.ts';
import type { AppStore } from '../app-store.ts';
import { labelOf, t } from '../text.ts';
import type { Documents } from '../viewer/documents.ts';
import { FULL, grow, turnBox, union } from '../viewer/geometry.ts';
import type { Turn } from '../viewer/geometry.ts';
import type { ViewerStore } from '../viewer/viewer-store.ts';
import { cellAt, refOf } from './cells.ts';
import type { CellKey } from './cells.ts';
import type { ReviewControl } from './control.ts';
import type { ReviewStore } from './review-store.ts';

export type AreaState =
  | { readonly kind: 'none' }
  /** `box` null: nothing drawn yet. `moved` counts the keys: the view follows them. */
  | { readonly kind: 'choosing'; readonly page: number; readonly box: Box | null; readonly moved: number }
  | { readonly kind: 'reading'; readonly page: number; readonly box: Box }
  | { readonly kind: 'failed'; readonly page: number; readonly box: Box; readonly message: string };

export interface AreaDeps {
  readonly client: Pick<Client, 'readRegion' | 'prepareRegion'>;
  readonly app: Pick<AppStore, 'announce' | 'say' | 'getState'>;
  readonly review: ReviewStore;
  readonly viewer: Pick<ViewerStore, 'getState'>;
  readonly documents: Pick<Documents, 'words'>;
  readonly control: Pick<ReviewControl, 'capture' | 'takeArea'>;
}

export interface AreaStore extends ReturnType<typeof createAreaStore> {}

const NONE: AreaState = { kind: 'none' };
/** A frame where nobody has pointed to yet. */
const MIDDLE: Box = [3_500, 4_600, 6_500, 5_000];
const STEP = { first: 25, most: 250, grows: 1.25, within: 220 };
const SMALLEST = 40;

const sourceOf = (invoice: Invoice, page: number): PageReading['source'] | undefined =>
  invoice.reading?.pages.find((one) => one.page === page)?.source;

/** The words that the station has are those that are printed: a text layer, and none that was caught at lying. */
const hasTrueWords = (invoice: Invoice, page: number): boolean => {
  const source = sourceOf(invoice, page);
  const lies = invoice.reading?.notes.some((note) => note.code === 'TEXT_LAYER_MISMATCH' && note.page === page);
  return source === 'drawn' || (source === 'text' && lies !== true);
};

export function createAreaStore(deps: AreaDeps) {
  const { client, app, review, viewer, documents, control } = deps;
  const store = createStore<AreaState>(() => NONE);
  let asked: AbortController | undefined;
  let step: number = STEP.first;
  let lastKey = 0;
  let held = false;

  const isEditable = (invoice: Invoice): boolean => isOpen(invoice.state) && may(app.getState(), 'invoice.correct');
  const set = (state: AreaState): void => store.setState(state, true);
  const cancel = (): void => {
    asked?.abort();
    asked = undefined;
    if (store.getState().kind !== 'none') set(NONE);
  };

  // Whoever goes on to another field or document does not want this area any more.
  let seen = { id: review.getState().id, focus: review.getState().focus };
  review.subscribe(({ id, focus }) => {
    if (seen.id !== id || seen.focus !== focus) cancel();
    seen = { id, focus };
  });

  async function read(page: number, box: Box, append: boolean): Promise<void> {
    const doc = review.current();
    const { focus } = review.getState();
    asked?.abort();
    if (!doc || !isEditable(doc.shown)) return cancel();
    if (focus === null) {
      cancel();
      return app.say(t('ui.area.noField'), 'info');
    }
    const mine = (asked = new AbortController());
    set({ kind: 'reading', page, box });
    try {
      await take(doc.shown, focus, { page, box, append }, mine.signal);
    } catch (error) {
      if (mine.signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      fail(
        page,
        box,
        error instanceof ApiError && error.code === 'offline' ? t('ui.offline') : t('ui.area.failed', { message }),
      );
    }
  }

  function fail(page: number, box: Box, message: string): void {
    set({ kind: 'failed', page, box, message });
    app.announce(message);
  }

  async function take(
    invoice: Invoice,
    key: CellKey,
    { page, box, append }: { page: number; box: Box; append: boolean },
    signal: AbortSignal,
  ): Promise<void> {
    const known = hasTrueWords(invoice, page) ? wordsIn(await documents.words(invoice, page), box) : [];
    if (signal.aborted) return;
    if (known.length > 0) return done(key, () => control.capture(page, known, append));
    const ref = refOf(key);
    const seenThere = await client.readRegion(
      { params: { id: invoice.id, page }, body: { box, cell: { type: ref.entity.type, field: ref.field } } },
      signal,
    );
    if (signal.aborted) return;
    const { words, value, text } = seenThere;
    if (text.trim() === '') return fail(page, box, t('ui.area.nothing'));
    done(key, () => {
      if (value === null || append) return control.capture(page, words, append);
      control.takeArea(key, value, { page, box: union(words.map((word) => word.box)) });
      app.announce(t('ui.area.done', { field: labelOf(ref), text }));
    });
  }

  /** The area goes, the value comes, and the keyboard is in its field again. */
  function done(key: CellKey, use: () => void): void {
    asked = undefined;
    set(NONE);
    use();
    review.requestFocus(key);
  }

  /** Where the value stands, else the middle of what is looked at. */
  function firstFrame(): { page: number; box: Box } {
    const { focus, located } = review.getState();
    const doc = review.current();
    const cell = doc && focus !== null ? cellAt(doc.shown, focus) : undefined;
    if (cell?.box && cell.page !== undefined) return { page: cell.page, box: grow(cell.box, 60, 40) };
    if (located && located.key === focus) return { page: located.page, box: grow(located.box, 60, 40) };
    return { page: viewer.getState().page, box: MIDDLE };
  }

  return {
    ...store,
    read,
    cancel,
    /** Areas can be read of this document's pages, and go into a field. */
    possible(): boolean {
      const doc = review.current();
      return (
        doc !== undefined && isEditable(doc.shown) && doc.shown.reading !== null && review.getState().focus !== null
      );
    },
    /** The pointer is over the edge of a box: a drag is for it, not for the page. */
    hold(over: boolean): void {
      held = over;
    },
    isDrawing: (): boolean => held || store.getState().kind === 'choosing',
    /** Begins with a frame for the keyboard; the mouse draws its own. */
    begin(): void {
      const { focus } = review.getState();
      if (focus === null) return;
      asked?.abort();
      set({ kind: 'choosing', ...firstFrame(), moved: 0 });
      app.announce(t('ui.area.choose', { field: labelOf(refOf(focus)) }));
    },
    draw(page: number, box: Box): void {
      asked?.abort();
      set({ kind: 'choosing', page, box, moved: 0 });
    },
    /** By one key: `dx` and `dy` -1, 0 or 1 as seen on the screen; keys that follow quickly go further. */
    nudge(dx: number, dy: number, what: 'move' | 'size', now: number): void {
      const state = store.getState();
      if (state.kind === 'none' || state.kind === 'reading') return;
      step = now - lastKey < STEP.within ? Math.min(STEP.most, step * STEP.grows) : STEP.first;
      lastKey = now;
      const { turn } = viewer.getState();
      const box = turnBox(state.box ?? MIDDLE, turn);
      const next = what === 'move' ? moved(box, dx * step, dy * step) : sized(box, dx * step, dy * step);
      const times = state.kind === 'choosing' ? state.moved : 0;
      set({ kind: 'choosing', page: state.page, box: turnBox(next, back(turn)), moved: times + 1 });
    },
    /** The frame as it stands. */
    readFrame(): void {
      const state = store.getState();
      if (state.kind !== 'none' && state.kind !== 'reading' && state.box) void read(state.page, state.box, false);
    },
    /** The engine is started for pages that only it can read; a reviewer who draws then does not wait for it. */
    async prepare(invoice: Invoice, page: number): Promise<void> {
      const source = sourceOf(invoice, page);
      if (source === undefined || hasTrueWords(invoice, page) || !isEditable(invoice)) return;
      await client.prepareRegion({ params: { id: invoice.id, page }, body: {} });
    },
  };
}

const back = (turn: Turn): Turn => ((360 - turn) % 360) as Turn;

function moved([x0, y0, x1, y1]: Box, dx: number, dy: number): Box {
  const x = Math.round(Math.max(-x0, Math.min(FULL - x1, dx)));
  const y = Math.round(Math.max(-y0, Math.min(FULL - y1, dy)));
  return [x0 + x, y0 + y, x1 + x, y1 + y];
}

const sized = ([x0, y0, x1, y1]: Box, dx: number, dy: number): Box => [
  x0,
  y0,
  Math.round(Math.max(x0 + SMALLEST, Math.min(FULL, x1 + dx))),
  Math.round(Math.max(y0 + SMALLEST, Math.min(FULL, y1 + dy))),
];
