import type { Report } from '../images/report.ts';
import type { Ask } from './http.ts';
import type { SitePeople } from './people.ts';
import type { RunningSite } from './site.ts';

/** What a scenario has to work with. */
export interface Around {
  readonly site: RunningSite;
  readonly people: SitePeople;
  /** Through nginx, from this machine's own address. */
  readonly ask: Ask;
  readonly report: Report;
  readonly say: (line: string) => void;
  readonly short: boolean;
  readonly seed: number;
  /** One request of the fuzz alone, as the run that found it named it. */
  readonly replay: string | undefined;
}
