/** The curves as a source file of the extraction, in the form the formatter leaves as it is. */
import { PARTS } from './curves.ts';
import type { Transfer } from './curves.ts';
import type { Curve } from '../../core/extract/score/calibrate.ts';

export interface Fitted {
  readonly documents: number;
  readonly values: number;
  readonly sets: readonly string[];
  readonly transfer: Transfer;
}

const drawn = (curve: Curve): string => curve.map(([x, y]) => `    [${x}, ${y}],\n`).join('');

export function curvesFile(curves: ReadonlyMap<string, Curve>, { documents, values, sets, transfer }: Fitted): string {
  const body = [...curves].map(([key, curve]) => `  '${key}': [\n${drawn(curve)}  ],\n`).join('');
  return `/**
 * Made by \`npm run calibrate\`, not edited by hand; docs/reliability.md says how and how well it holds.
 * Fitted on ${values} values of ${documents} generated documents (${sets.join('; ')}); transfer ${PARTS.map((part) => `${part} ${transfer[part]}`).join(', ')}.
 */
import type { Curve } from './calibrate.ts';

export const CURVES: Readonly<Record<string, Curve>> = {
${body}};
`;
}
