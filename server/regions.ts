/** Areas that a person draws on a page: words of a trusted text layer, else OCR of the area alone by an engine that waits for it. */
import { AppError } from '../core/contract/errors.ts';
import type { Settings } from '../core/contract/settings.ts';
import type { Box, PageReading, Reading, Word } from '../core/contract/reading.ts';
import type { RegionText, RegionWish } from '../core/contract/region.ts';
import { fieldInfo, type HeaderField } from '../core/invoice/fields.ts';
import { habitsOf } from '../core/invoice/typed-value.ts';
import { dayFirstIn } from '../core/region/day-order.ts';
import { regionValue } from '../core/region/value.ts';
import { textOf, wordsIn } from '../core/region/words.ts';
import { TRUST_NOTE } from '../core/trust/apply.ts';
import type { Base } from './context.ts';
import { createLane } from './lane.ts';
import type { Model } from './model.ts';
import type { Pool } from './pool.ts';

export interface Regions {
  read(id: string, page: number, wish: RegionWish, signal: AbortSignal): Promise<RegionText>;
  /** False: the page has no picture to read from, or its words are known already. */
  prepare(id: string, page: number): Promise<boolean>;
}

interface Parts {
  readonly base: Pick<Base, 'store' | 'blobs'>;
  readonly model: Model;
  readonly pool: Pool;
  readonly settings: () => Settings;
}

/** A person waits: what takes longer than this is not worth waiting for. */
const AREA_MS = 10_000;

interface Place {
  readonly sha256: string;
  readonly reading: Reading;
  readonly page: PageReading;
}

export function createRegions({ base, model, pool, settings }: Parts): Regions {
  const lane = createLane();

  async function placeOf(id: string, number: number): Promise<Place> {
    const invoice = await model.invoice(id);
    const reading = await model.readingOf(invoice);
    const page = reading?.pages.find((candidate) => candidate.page === number);
    if (reading === undefined || page === undefined) throw new AppError('not_found', `Page ${number} was not read.`);
    return { sha256: invoice.document.sha256, reading, page };
  }

  /** The language of the document alone: each further one costs time, and a person sees at once what was misread. */
  const languagesFor = ({ reading: { language }, page }: Place): string[] =>
    language === undefined ? (page.languages ?? settings().ocrLanguages).slice(0, 1) : [language];

  async function look(place: Place, box?: Box) {
    const { sha256, page } = place;
    const document = await base.store.document(sha256);
    const path = await base.blobs.localPath(sha256);
    const input = {
      path,
      type: document?.kind ?? 'pdf',
      page: page.page,
      turned: page.turned,
      skew: page.skew,
      languages: languagesFor(place),
      ...(box === undefined ? {} : { box }),
    };
    return pool.run('readRegion', input, { timeoutMs: AREA_MS });
  }

  async function readingsOf(place: Place, box: Box, signal: AbortSignal): Promise<Seen[]> {
    const { page } = place;
    const known = wordsIn(page.words, box);
    if (isTrusted(place) && (known.length > 0 || page.source === 'drawn'))
      return [{ words: known, source: 'text', confidence: 1 }];
    // Whoever went on to the next area does not wait for this one, and nobody waits behind it.
    const seen = await lane(async () => (signal.aborted ? undefined : look(place, box)));
    if (seen === undefined) throw new AppError('unavailable', 'The area is not asked for any more.');
    if (seen.kind === 'unreadable')
      throw new AppError('unavailable', 'The area could not be read.', { reason: seen.reason });
    const fresh: Seen = { words: seen.words, source: 'ocr', confidence: seen.confidence };
    // Words of a text layer that is not believed are no second opinion.
    return page.source === 'text' || known.length === 0
      ? [fresh]
      : [fresh, { words: known, source: 'ocr', confidence: meanConfidence(known) }];
  }

  return {
    async read(id, number, { box, cell }, signal) {
      const info = cell === undefined ? undefined : fieldInfo(cell.type, cell.field);
      if (cell !== undefined && info === undefined)
        throw new AppError('bad_request', `There is no field ${cell.field} of a ${cell.type}.`);
      const place = await placeOf(id, number);
      const usual = habitsOf(place.reading.language);
      const habits = { ...usual, dayFirst: usual.dayFirst ?? dayFirstIn(place.reading) };
      const [fresh = NOTHING, known] = (await readingsOf(place, box, signal)).map((seen): RegionText => {
        const text = textOf(seen.words);
        const value = cell && info && text !== '' ? regionValue(cell.field, info, text, habits) : null;
        return { ...seen, text, value };
      });
      return better(fresh, known, standing(place, cell));
    },
    async prepare(id, number) {
      const place = await placeOf(id, number);
      if (place.page.source !== 'ocr' && place.page.source !== 'none' && isTrusted(place)) return false;
      return (await lane(() => look(place))).kind === 'region';
    },
  };
}

type Seen = Pick<RegionText, 'words' | 'source' | 'confidence'>;
const NOTHING: RegionText = { text: '', words: [], source: 'ocr', confidence: 0, value: null };

function meanConfidence(words: readonly Word[]): number {
  const letters = words.reduce((sum, word) => sum + word.text.length, 0);
  const sum = words.reduce((total, word) => total + word.confidence * word.text.length, 0);
  return Math.round((100 * sum) / Math.max(1, letters)) / 100;
}

/** The surer of the area read alone and the page read as a whole; but whoever draws round a value that stands there already wants another reading. */
function better(fresh: RegionText, known: RegionText | undefined, there: string | null): RegionText {
  if (known === undefined || (fresh.value !== null && known.value === there)) return fresh;
  if ((fresh.value === null) !== (known.value === null)) return fresh.value === null ? known : fresh;
  return known.confidence > fresh.confidence ? known : fresh;
}

/** What the reading says in the header field that the area was drawn for. */
const standing = ({ reading }: Place, cell: RegionWish['cell']): string | null =>
  cell?.type === 'invoice' ? (reading.header[cell.field as HeaderField]?.value ?? null) : null;

/** A text layer that was caught at saying what its page does not show is no source any more. */
const isTrusted = ({ reading, page }: Place): boolean =>
  (page.source === 'text' || page.source === 'drawn') &&
  !reading.notes.some(({ code, page: number }) => code === TRUST_NOTE && number === page.page);
