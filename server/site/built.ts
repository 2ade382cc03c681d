/** What the parts of a site's server are made with. */
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { SiteStores } from './stores.ts';

export interface Built {
  readonly stores: SiteStores;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly now: () => number;
}
