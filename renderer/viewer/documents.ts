/** Opened documents and the words of their pages, kept for the few that are near: going back and forth shows them at once. */
import type { Invoice } from '../../core/contract/invoice.ts';
import type { Word } from '../../core/contract/reading.ts';
import type { Client } from '../api.ts';
import type { Phrase } from '../review/suggest.ts';
import { phrasesOf } from '../review/suggest.ts';
import type { Size } from './geometry.ts';
import { createImageSource } from './image-source.ts';
import type { PageSource } from './page-source.ts';

export interface Documents extends ReturnType<typeof createDocuments> {}

const OPEN = 4;
const WORD_PAGES = 60;
/** Type-ahead looks through this many pages. */
const SEARCHED_PAGES = 20;

type Reading = NonNullable<Invoice['reading']>;

/** Pages of a known reading; XML alone has drawn pages, which need no source. */
export const isDrawn = (invoice: Invoice): boolean =>
  invoice.reading !== null &&
  invoice.reading.pages.length > 0 &&
  invoice.reading.pages.every((p) => p.source === 'drawn');

/** The most recently used stay; what falls out is let go. */
function touch<V>(map: Map<string, V>, key: string, max: number, drop?: (value: V) => void): void {
  const value = map.get(key)!;
  map.delete(key);
  map.set(key, value);
  for (const [oldest, old] of map) {
    if (map.size <= max) return;
    map.delete(oldest);
    drop?.(old);
  }
}

export function createDocuments(client: Client) {
  const sources = new Map<string, Promise<PageSource>>();
  const words = new Map<string, Promise<readonly Word[]>>();
  const phrases = new Map<string, readonly Phrase[]>();

  const imagePages = (invoice: Invoice, pages: number): PageSource => {
    const sha = invoice.document.sha256;
    const sizes = new Map<number, Size>(invoice.reading?.pages.map((p) => [p.page, p]));
    return createImageSource(pages, sizes, (page, dpi, signal) =>
      client.getPageImage({ params: { sha, page }, query: { dpi } }, signal),
    );
  };

  async function openSource(invoice: Invoice): Promise<PageSource> {
    const pages = invoice.reading?.pages.length ?? 0;
    if (invoice.document.kind === 'pdf' || invoice.document.mime === 'application/pdf') {
      try {
        const [blob, { createPdfSource }] = await Promise.all([
          client.getDocument({ params: { sha: invoice.document.sha256 } }),
          import('./pdf-source.ts'),
        ]);
        return await createPdfSource(new Uint8Array(await blob.arrayBuffer()), client.asset);
      } catch (error) {
        // What pdf.js cannot open the station's own renderer may; without pages there is nothing to show.
        if (pages === 0) throw error;
      }
    }
    // Its type is known once its bytes are: asked for now, they are fetched from the site.
    if (invoice.document.kind === undefined) await client.getDocument({ params: { sha: invoice.document.sha256 } });
    // What is neither a PDF nor a picture has no page that anybody could draw.
    if (pages === 0 && invoice.document.kind !== 'image') throw new Error('');
    return imagePages(invoice, Math.max(1, pages));
  }

  const wordsOf = (id: string, reading: Reading, page: number): Promise<readonly Word[]> => {
    const key = `${id} ${reading.op} ${page}`;
    if (!words.has(key)) {
      const load = client.getWords({ params: { id, page } }).then((reply) => reply.words);
      words.set(key, load);
      load.catch(() => words.delete(key));
    }
    touch(words, key, WORD_PAGES);
    return words.get(key)!;
  };

  return {
    source(invoice: Invoice): Promise<PageSource> {
      const key = `${invoice.document.sha256} ${invoice.reading?.op ?? ''}`;
      if (!sources.has(key)) {
        const load = openSource(invoice);
        sources.set(key, load);
        load.catch(() => sources.delete(key));
      }
      touch(sources, key, OPEN, (old) => void old.then((s) => s.destroy()).catch(() => undefined));
      return sources.get(key)!;
    },
    words(invoice: Invoice, page: number): Promise<readonly Word[]> {
      return invoice.reading ? wordsOf(invoice.id, invoice.reading, page) : Promise.resolve([]);
    },
    /** Phrases of the pages looked through so far, without waiting; asks for those that are missing. */
    phrases(invoice: Invoice, onMore: () => void): readonly Phrase[] {
      const { reading } = invoice;
      if (!reading) return [];
      return reading.pages.slice(0, SEARCHED_PAGES).flatMap(({ page }) => {
        const key = `${invoice.id} ${reading.op} ${page}`;
        const known = phrases.get(key);
        if (known) return known;
        void wordsOf(invoice.id, reading, page)
          .then((list) => {
            phrases.set(key, phrasesOf(page, list));
            touch(phrases, key, WORD_PAGES);
            onMore();
          })
          .catch(() => undefined);
        return [];
      });
    },
  };
}
