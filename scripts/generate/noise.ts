/** What happens to paper between the printer and the file: chosen per document, so that it can be told and repeated. */
import type { Family, Kind } from './model.ts';
import type { Chance } from './random.ts';

export interface Noise {
  readonly dpi: number;
  /** Degrees, clockwise. */
  readonly skew: number;
  readonly turn: 0 | 90 | 180 | 270;
  readonly blur: number;
  /** 0..1: how far black and white are drawn together. */
  readonly pale: number;
  readonly grain: number;
  readonly shade: number;
  readonly speckle: number;
  readonly quality: number;
  readonly colour: boolean;
  readonly bleed: number;
  readonly folds: number;
  readonly holes: boolean;
  readonly staple: boolean;
  readonly edge: 'white' | 'grey' | 'black';
  readonly bilevel?: 'threshold' | 'dither';
  /** Thermal paper that has lost its print in patches. */
  readonly fade: number;
  readonly creases: number;
  readonly perspective: number;
  readonly table: 'wood' | 'grey' | 'dark' | 'cloth';
  readonly shadow: number;
  /** Pen and rubber stamp. */
  readonly marks: readonly ('stamp' | 'received' | 'signature' | 'tick' | 'circle' | 'strike' | 'account')[];
  readonly format: 'jpg' | 'png' | 'tif';
}

export function noiseFor(chance: Chance, kind: Kind, family: Family): Noise | undefined {
  if (kind === 'digital') return undefined;
  const some = (share: number) => chance.chance(share);
  const receipt = family === 'receipt';
  const photo = kind === 'photo';
  const fax = kind === 'fax';
  const dirty = some(0.3);
  return {
    dpi: fax ? 200 : receipt ? chance.pick([200, 240, 300]) : photo ? 200 : chance.pick([150, 200, 200, 200, 240, 300]),
    skew: photo ? chance.between(-3, 3) : some(0.25) ? 0 : (chance.next() + chance.next() - 1) * (dirty ? 3.5 : 1.6),
    turn: some(photo ? 0.05 : 0.08) ? chance.pick([90, 180, 270]) : 0,
    blur: some(0.7) ? chance.between(0.35, dirty ? 1.2 : 0.8) : 0,
    pale: some(0.3) ? chance.between(0.1, dirty ? 0.5 : 0.3) : chance.between(0, 0.08),
    grain: chance.between(1, dirty ? 12 : 6),
    shade: some(0.5) ? chance.between(0.03, 0.2) : 0,
    speckle: dirty && some(0.6) ? chance.between(0.0001, fax ? 0.002 : 0.0008) : 0,
    quality: chance.integer(dirty ? 35 : 55, 85),
    colour: photo || some(0.35),
    bleed: some(0.1) ? chance.between(0.04, 0.12) : 0,
    folds: some(0.18) ? chance.integer(1, 3) : 0,
    holes: !receipt && some(0.15),
    staple: !receipt && some(0.08),
    edge: chance.weighted({ white: 75, grey: 15, black: 10 }),
    ...(fax && { bilevel: chance.weighted({ threshold: 75, dither: 25 }) }),
    fade: receipt && some(0.4) ? chance.between(0.15, 0.5) : 0,
    creases: receipt || photo ? (some(0.5) ? chance.integer(1, 5) : 0) : 0,
    perspective: chance.between(0.01, 0.06),
    table: chance.pick(['wood', 'grey', 'dark', 'cloth']),
    shadow: some(0.6) ? chance.between(0.1, 0.35) : 0,
    marks: chance
      .some(
        ['stamp', 'received', 'signature', 'tick', 'circle', 'strike', 'account'] as const,
        some(0.55) ? 0 : chance.integer(1, 3),
      )
      .filter((mark) => !receipt || mark === 'signature' || mark === 'circle' || mark === 'tick'),
    format: chance.weighted({ jpg: 70, png: 18, tif: 12 }),
  };
}
