/** A whole site for the faults (scripts/site/site.ts), whose clients come in by one way and whose bytes lie behind another: the weather on both is the fault's. */
import { readFileSync } from 'node:fs';
import { createHttp } from '../site/http.ts';
import { believe, createSitePeople, type SitePeople } from '../site/people.ts';
import { type RunningSite, startSite } from '../site/site.ts';
import type { Ask } from '../site/http.ts';
import { type Network, startNetwork } from './network.ts';

export interface FaultSite {
  readonly running: RunningSite;
  readonly people: SitePeople;
  /** By the front, as everybody. */
  readonly ask: Ask;
  /** Between everybody and nginx. */
  readonly front: Network;
  /** Between everybody, the site's own processes too, and the object store. */
  readonly bytes: Network;
  stop(): Promise<void>;
}

interface Parts {
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

async function startFaultSite({ signal, say }: Parts): Promise<FaultSite> {
  const from = Date.now();
  const ways: Network[] = [];
  const by = async (address: { readonly host: string; readonly port: number }): Promise<number> => {
    const way = await startNetwork(address);
    ways.push(way);
    return way.port;
  };
  let running: RunningSite | undefined;
  const stop = async (): Promise<void> => {
    await running?.stop();
    await Promise.all(ways.map((way) => way.close()));
  };
  try {
    running = await startSite(signal, { by });
    believe(readFileSync(running.stores.s3['S3_CA_FILE'] ?? '', 'utf8'));
    const ask = createHttp({ origin: running.origin, ca: running.ca });
    const people = await createSitePeople(running, ask);
    const [bytes, front] = ways as [Network, Network];
    say(`a site of real processes: ${((Date.now() - from) / 1_000).toFixed(1)} s`);
    return { running, people, ask, front, bytes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export interface FaultSites {
  /** The same one for all who ask. */
  shared(): Promise<FaultSite>;
  stop(): Promise<void>;
}

export function createFaultSites(parts: Parts): FaultSites {
  let made: Promise<FaultSite> | undefined;
  return {
    shared: () => (made ??= startFaultSite(parts)),
    async stop() {
      await (await made?.catch(() => undefined))?.stop();
    },
  };
}
