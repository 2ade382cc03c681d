/** What a fault of `npm run test:faults` is: a file fNN-name.ts in this folder that exports one as `fault`; the command finds it by that name. */
import type { Figures } from '../figure.ts';
import type { Random } from '../random.ts';
import type { FaultSite } from './site.ts';

export interface FaultRun {
  /** How many of the fault's `unit`. */
  readonly count: number;
  /** Made from the seed of the run and the fault's id: one fault alone draws what it draws among all. */
  readonly random: Random;
  /** Names begin with the id in small letters: `f4.lost`. A figure that is short is how a fault says that a promise was broken. */
  readonly figures: Figures;
  readonly say: (line: string) => void;
  /** One of `bugs`, planted for this run. What never comes is waited for as long as in an honest run, or the error would be the impatience. */
  readonly bug: string | undefined;
  /** A whole site of real processes, started when the first fault asks for it and shared by all that follow: it is left as it was found. */
  readonly site: () => Promise<FaultSite>;
  /** Ctrl+C, or the time of the fault is over: whatever runs is taken down by who started it. */
  readonly signal: AbortSignal;
}

export interface Fault {
  /** As in the table of docs/faults.md: `F4`. */
  readonly id: string;
  /** What goes wrong, in a line. */
  readonly what: string;
  /** What `count` counts: 'kills', 'seconds', 'requests'. */
  readonly unit: string;
  /** Count of the short form. */
  readonly short: number;
  /** Needs the servers of a whole site (scripts/site/tools.ts says which): left out, and said so, where they are not installed. */
  readonly needsSite?: boolean;
  /** What else is missing on this machine, where something is. */
  readonly missing?: () => string | undefined;
  /** Errors that can be planted, and by which figures each is noticed (without the id): one of these must be short. That a time is short, too, proves nothing. */
  readonly bugs: Readonly<Record<string, readonly string[]>>;
  run(run: FaultRun): Promise<void>;
}
