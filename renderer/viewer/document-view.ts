/** The pages of one open document as the screen needs them: sizes, canvases drawn in turn, sharp ones for snippets. */
import { useEffect, useState } from 'react';
import type { Invoice } from '../../core/contract/invoice.ts';
import type { Word } from '../../core/contract/reading.ts';
import { notHere } from '../problem.ts';
import { useStation } from '../station.ts';
import { isDrawn } from './documents.ts';
import type { Documents } from './documents.ts';
import type { Size } from './geometry.ts';
import type { PageSource } from './page-source.ts';
import { createRenderQueue } from './render-queue.ts';

export interface DocumentView {
  readonly drawn: boolean;
  /** In points, upright. */
  readonly sizes: readonly Size[];
  readonly words: (page: number) => Promise<readonly Word[]>;
  /** Asks for the page at this width; `done` gets the canvas. Returns the way to withdraw. */
  readonly draw: (
    page: number,
    width: number,
    priority: () => number,
    done: (canvas: HTMLCanvasElement) => void,
  ) => () => void;
  /** The sharpest drawing of the page at hand. */
  readonly canvas: (page: number) => HTMLCanvasElement | undefined;
  /** Sees to a drawing sharp enough for a snippet; tells every listener when one is there. */
  readonly sharpen: (page: number, changed: () => void) => () => void;
}

const A4: Size = { width: 595, height: 842 };
const SNIPPET_WIDTH = 1_700;
const SHARP_PAGES = 4;
const SHOWN_PAGES = 8;

/** A picture's pixels say nothing about its size on paper: its long side is taken for that of an A4 page. */
function inPoints(size: Size, picture: boolean): Size {
  if (!picture) return size;
  const scale = A4.height / Math.max(size.width, size.height);
  return { width: size.width * scale, height: size.height * scale };
}

async function sizesOf(invoice: Invoice, source: PageSource): Promise<Size[]> {
  const picture = invoice.document.kind !== 'pdf';
  const pages = invoice.reading?.pages ?? [];
  if (pages.length > 0) return pages.map((page) => inPoints(page, picture));
  // Without a reading only the document itself knows; a long one is taken to be of one size.
  const first = await source.size(1);
  const rest = Array.from({ length: source.pages - 1 }, async (_, i) => (i < 30 ? source.size(i + 2) : first));
  return [first, ...(await Promise.all(rest))].map((size) => inPoints(size, picture));
}

const never = () => () => undefined;

export async function createDocumentView(documents: Documents, invoice: Invoice): Promise<DocumentView> {
  const words = (page: number) => documents.words(invoice, page);
  if (isDrawn(invoice)) {
    const sizes = invoice.reading!.pages.map(({ width, height }) => ({ width, height }));
    return { drawn: true, sizes, words, draw: never, canvas: () => undefined, sharpen: never };
  }
  const source = await documents.source(invoice);
  return rasterView(source, await sizesOf(invoice, source), words);
}

function rasterView(source: PageSource, sizes: readonly Size[], words: DocumentView['words']): DocumentView {
  const queue = createRenderQueue((error) => console.warn('page not drawn', error));
  const shown = new Map<number, HTMLCanvasElement>();
  const sharp = new Map<number, HTMLCanvasElement>();
  const waiting = new Map<number, Set<() => void>>();
  const best = (page: number) => {
    const [a, b] = [shown.get(page), sharp.get(page)];
    return a && b ? (a.width > b.width ? a : b) : (b ?? a);
  };
  const tell = (page: number) => {
    for (const changed of waiting.get(page) ?? []) changed();
  };

  return {
    drawn: false,
    sizes,
    words,
    canvas: best,
    draw(page, width, priority, done) {
      return queue.add(priority, async (signal) => {
        const canvas = await source.draw(page, width, signal);
        // A thumbnail does not replace the page; only the pages near by are held.
        if (canvas.width >= (shown.get(page)?.width ?? 0)) shown.delete(page);
        if (!shown.has(page)) shown.set(page, canvas);
        for (const old of shown.keys()) if (shown.size > SHOWN_PAGES) shown.delete(old);
        done(canvas);
        tell(page);
      });
    },
    sharpen(page, changed) {
      const listeners = waiting.get(page) ?? new Set();
      waiting.set(page, listeners.add(changed));
      const withdraw =
        (best(page)?.width ?? 0) >= SNIPPET_WIDTH * 0.8
          ? undefined
          : queue.add(
              () => 50,
              async (signal) => {
                if (sharp.has(page)) return tell(page);
                sharp.set(page, await source.draw(page, SNIPPET_WIDTH, signal));
                for (const old of sharp.keys()) if (sharp.size > SHARP_PAGES) sharp.delete(old);
                tell(page);
              },
            );
      return () => {
        listeners.delete(changed);
        withdraw?.();
      };
    },
  };
}

export type ViewState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly view: DocumentView }
  | { readonly kind: 'failed'; readonly error: unknown };

/** A document that is still on its way to this station is looked for again. */
const AGAIN_MS = 3_000;

const LOADING: ViewState = { kind: 'loading' };

/** One view for a document and its reading; corrections do not load it again. */
export function useDocumentView(invoice: Invoice | undefined): ViewState {
  const { documents } = useStation();
  const [tries, setTry] = useState(0);
  const key = invoice && `${invoice.id} ${invoice.document.sha256} ${invoice.reading?.op ?? ''}`;
  const [state, setState] = useState<{ key: string | undefined; view: ViewState }>({ key: undefined, view: LOADING });
  useEffect(() => {
    if (!invoice) return;
    let current = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    createDocumentView(documents, invoice).then(
      (view) => current && setState({ key, view: { kind: 'ready', view } }),
      (error: unknown) => {
        if (!current) return;
        setState({ key, view: { kind: 'failed', error } });
        if (notHere(error) !== undefined) timer = setTimeout(() => setTry((n) => n + 1), AGAIN_MS);
      },
    );
    return () => {
      current = false;
      clearTimeout(timer);
    };
    // The key stands for what of the invoice matters here.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [documents, key, tries]);
  return state.key === key ? state.view : LOADING;
}
