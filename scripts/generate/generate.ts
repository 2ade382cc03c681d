/** The generator's interface for other scripts: plan a document, draw it. `npm run generate` writes whole sets (index.ts). */
export { drawDocument } from './draw/draw.ts';
export { planDocument, planSeries } from './plan.ts';
