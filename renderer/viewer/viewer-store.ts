/** How the reviewer looks at the pages: zoom, turn, what is marked. Kept while documents change. */
import { createStore } from 'zustand/vanilla';
import type { Turn } from './geometry.ts';
import { clampZoom, ZOOM } from './layout.ts';

export interface ViewerState {
  readonly zoom: number;
  /** What the zoom follows when the window or the document changes. */
  readonly fit: 'width' | 'page' | 'none';
  readonly turn: Turn;
  /** Boxes of the fields on the page. */
  readonly boxes: boolean;
  readonly thumbnails: boolean;
  readonly page: number;
  /** Rises when the view should go to `page`. */
  readonly pageRequest: number;
  /** Rises with every document. */
  readonly documents: number;
  /** F4: the surroundings of the focused value, large. */
  readonly context: boolean;
}

export interface ViewerStore extends ReturnType<typeof createViewerStore> {}

export function createViewerStore() {
  const store = createStore<ViewerState>(() => ({
    zoom: 1,
    fit: 'width',
    turn: 0,
    boxes: true,
    thumbnails: false,
    page: 1,
    pageRequest: 0,
    documents: 0,
    context: false,
  }));
  return {
    ...store,
    zoomBy(steps: number): void {
      store.setState((s) => ({ zoom: clampZoom(s.zoom * ZOOM.step ** steps), fit: 'none', context: false }));
    },
    zoomTo(zoom: number, fit: ViewerState['fit'] = 'none'): void {
      store.setState({ zoom: clampZoom(zoom), fit });
    },
    fitTo(fit: 'width' | 'page'): void {
      store.setState({ fit, context: false });
    },
    rotate(): void {
      store.setState((s) => ({ turn: ((s.turn + 90) % 360) as Turn }));
    },
    goTo(page: number): void {
      store.setState((s) => ({ page, pageRequest: s.pageRequest + 1 }));
    },
    seen(page: number): void {
      if (store.getState().page !== page) store.setState({ page });
    },
    toggle(what: 'boxes' | 'thumbnails' | 'context'): void {
      store.setState((s) => ({ [what]: !s[what] }));
    },
    /** Another document: its pages start upright, at the top. */
    reset(): void {
      store.setState((s) => ({ turn: 0, page: 1, documents: s.documents + 1, context: false }));
    },
  };
}
