/** The generator's interface for other scripts: plan a document, draw it. `npm run generate` writes whole sets (index.ts). */
import { type DrawOptions, drawDigital } from './draw/draw.ts';
import type { Drawn, Spec } from './model.ts';

export { planDocument, planSeries } from './plan.ts';
export { drawDigital } from './draw/draw.ts';

/** Draws what the plan says; the same spec gives the same bytes. */
export async function drawDocument(spec: Spec, options: DrawOptions = {}): Promise<Drawn> {
  return drawDigital(spec, options);
}
