/** An area that a person has drawn on a page, and what is printed there. */
import { z } from 'zod';
import { ENTITY_TYPES } from '../invoice/fields.ts';
import { Box, Word } from './reading.ts';

const FULL = 10_000;
/** Large enough to hold a letter. */
const LEAST = 10;

export const RegionWish = z.object({
  box: Box.refine(
    ([x0, y0, x1, y1]) => x0 >= 0 && y0 >= 0 && x1 <= FULL && y1 <= FULL && x1 - x0 >= LEAST && y1 - y0 >= LEAST,
    `an area of at least ${LEAST} by ${LEAST} within 0..${FULL}`,
  ),
  /** What it was drawn for. */
  cell: z.object({ type: z.enum(ENTITY_TYPES), field: z.string().max(40) }).optional(),
});
export type RegionWish = z.infer<typeof RegionWish>;

export const RegionText = z.object({
  text: z.string(),
  words: z.array(Word),
  /** `text`: a text layer that shows what it says. `ocr`: the area alone, or the page as it was read where that is surer. */
  source: z.enum(['text', 'ocr']),
  confidence: z.number(),
  /** Canonical for the cell's field; null where the text is no value of it. */
  value: z.string().nullable(),
});
export type RegionText = z.infer<typeof RegionText>;
