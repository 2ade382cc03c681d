/** Who is at what, of a site's server: for each of its sites desks, leases and whoever listens. Made when somebody first asks. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { NewEvent } from '../../core/access/audit-event.ts';
import { grants } from '../../core/access/can.ts';
import { AppError } from '../../core/contract/errors.ts';
import { type Holder, leaseApi, togetherApi, type Together } from '../../core/contract/together-http.ts';
import { isOwn } from '../../core/together/advice.ts';
import { principalOf } from '../access/guard.ts';
import type { Principal } from '../access/parts.ts';
import { serve } from '../endpoint.ts';
import type { Log } from '../log.ts';
import type { Bus } from '../queue/bus.ts';
import type { DeskStore, Holding, Seat } from '../store/desk-store.ts';
import type { Store } from '../store/store.ts';
import { gone } from '../sync/hub/routes.ts';
import { createLeases, type Leases } from './leases.ts';
import { createWatch, type Watch } from './watch.ts';

export interface SiteTogetherParts {
  readonly sites: readonly string[];
  readonly storesOf: (site: string) => Promise<{ readonly desks: DeskStore; readonly store: Pick<Store, 'invoices'> }>;
  readonly deviceName: (site: string, device: string) => Promise<string>;
  readonly tell: (site: string, event: NewEvent) => Promise<void>;
  /** The screens of a site that are open at this process. */
  readonly screens: (site: string) => { readonly count: () => number; readonly publish: (together: Together) => void };
  readonly bus: Bus;
  readonly log: Log;
  readonly now: () => number;
}

export interface SiteTogether {
  install(app: FastifyInstance): void;
  close(): void;
}

interface Place {
  readonly watch: Watch;
  readonly desks: () => Promise<DeskStore>;
  readonly leases: () => Promise<Leases>;
}

function openPlace(parts: SiteTogetherParts, site: string): Place {
  const { bus, log, now } = parts;
  const { count, publish } = parts.screens(site);
  const desks = async (): Promise<DeskStore> => (await parts.storesOf(site)).desks;
  const watch = createWatch({ site, look: async () => (await desks()).view(), bus, log, listeners: count, publish });
  const deviceName = (device: string): Promise<string> => parts.deviceName(site, device);
  const tell = (event: NewEvent): Promise<void> => parts.tell(site, event);
  return {
    watch,
    desks,
    leases: async () =>
      createLeases({ ...(await parts.storesOf(site)), deviceName, tell, changed: watch.changed, now }),
  };
}

const holderFor = (holding: Holding | undefined, self: Principal): Holder | null =>
  holding === undefined ? null : { ...holding, own: isOwn(holding, self) };

const seatOf = ({ actor, device }: Principal, window: string): Seat => ({ actor, device, window });

export function createSiteTogether(parts: SiteTogetherParts): SiteTogether {
  const places = new Map(parts.sites.map((site) => [site, openPlace(parts, site)]));
  const asked = (request: FastifyRequest): { self: Principal; place: Place } => {
    const self = principalOf(request);
    const place = places.get(self.site);
    if (place === undefined) throw new AppError('not_found', 'There is no such site.');
    return { self, place };
  };

  const leasesOf = (request: FastifyRequest): Promise<Leases> => asked(request).place.leases();

  async function keep({ self, place }: ReturnType<typeof asked>, invoice: string, { window, claim }: KeepWish) {
    const desks = await place.desks();
    // Whoever cannot correct it does not work on it.
    const kept = await desks.keep(invoice, seatOf(self, window), grants(self.role, 'invoice.correct') ? claim : 'none');
    if (kept === undefined) throw new AppError('not_found', 'There is no such invoice.');
    if (kept.isNews || kept.replaced !== undefined) place.watch.changed();
    const from = kept.replaced?.lease;
    if (from !== undefined && from !== null) await (await place.leases()).takenOver(self.actor, from, invoice);
    return { holder: holderFor(kept.holder, self) };
  }

  function installDesks(app: FastifyInstance): void {
    serve(app, togetherApi.getTogether, ({ query: { tag, wait }, request, reply }) => {
      const { watch } = asked(request).place;
      return tag === undefined || wait === 0 ? watch.now() : watch.wait(tag, wait * 1_000, gone(reply));
    });
    serve(app, togetherApi.keepDesk, ({ params, body, request }) => keep(asked(request), params.id, body));
    serve(app, togetherApi.leaveDesk, async ({ params, body, request }) => {
      const { self, place } = asked(request);
      if (!(await (await place.desks()).leave(params.id, seatOf(self, body.window))))
        throw new AppError('not_found', 'Nobody has it open there.');
      place.watch.changed();
      return {};
    });
    serve(app, togetherApi.claimNext, async ({ body, request }) => {
      const { self, place } = asked(request);
      const invoice = await (await place.desks()).claimFirst(body.invoices, seatOf(self, body.window));
      if (invoice !== undefined) place.watch.changed();
      return { invoice: invoice ?? null };
    });
  }

  return {
    install(app) {
      installDesks(app);
      serve(app, togetherApi.getLease, async ({ params, request }) => (await leasesOf(request)).lease(params.id));
      serve(app, leaseApi.takeLease, async ({ body, request }) =>
        (await leasesOf(request)).take(principalOf(request), body),
      );
      serve(app, leaseApi.returnLease, async ({ params, body, request }) =>
        (await leasesOf(request)).giveBack(principalOf(request), params.id, body.invoices),
      );
      serve(app, leaseApi.releaseLease, async ({ params, request }) =>
        (await leasesOf(request)).release(principalOf(request), params.id),
      );
    },
    close() {
      for (const { watch } of places.values()) watch.close();
    },
  };
}

interface KeepWish {
  readonly window: string;
  readonly claim: 'none' | 'free' | 'over';
}
