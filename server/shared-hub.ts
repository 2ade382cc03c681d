/**
 * The hub of a process among several: what happens here is told the others, what happens there goes to the streams that are open here. Invoices travel as ids;
 * who has a stream open reads them from the store.
 */
import type { InvoiceSummary } from '../core/contract/invoice.ts';
import type { Hub } from './hub.ts';
import type { Bus, BusMessage } from './queue/bus.ts';

/** An import changes hundreds of invoices a second; a screen shows at most a few. */
const GATHER_MS = 200;
const MOST = 100;

export interface SharedHubParts {
  readonly hub: Hub;
  readonly bus: Bus;
  /** What other sites say is not heard. */
  readonly site: string;
  readonly summaryOf: (invoice: string) => Promise<InvoiceSummary | undefined>;
  /** Settings were changed elsewhere: read them anew, and publish them to the streams here. */
  readonly onSettings: () => void;
  /** A person cancelled the work for an invoice elsewhere. */
  readonly onCancel: (root: string) => void;
}

export interface SharedHub extends Hub {
  /** Tells the other processes that a person cancelled the work for an invoice. */
  cancelled(root: string): void;
}

export function createSharedHub({ hub, bus, site, summaryOf, onSettings, onCancel }: SharedHubParts): SharedHub {
  const changed = new Set<string>();
  let gathering: NodeJS.Timeout | undefined;

  const show = async (): Promise<void> => {
    gathering = undefined;
    const ids = [...changed].slice(-MOST);
    changed.clear();
    for (const id of ids) {
      // A store that fails says so to whoever asks it next.
      const summary = await summaryOf(id).catch(() => undefined);
      if (summary !== undefined) hub.invoice(summary);
    }
    hub.touch();
  };
  const gather = (id: string): void => {
    if (hub.streams === 0) return;
    changed.add(id);
    gathering ??= setTimeout(() => void show(), GATHER_MS).unref();
  };
  const hear = (message: BusMessage): void => {
    if (message.site !== site) return;
    switch (message.kind) {
      case 'job':
        hub.publish({ type: 'job', job: message.job });
        hub.touch();
        return;
      case 'invoice':
        return gather(message.id);
      case 'settings':
        return onSettings();
      case 'cancel':
        return onCancel(message.root);
      // For the stations (sync/hub/feed.ts), and for those who watch (together/watch.ts).
      case 'log':
      case 'desks':
        return;
    }
  };
  const leave = bus.onMessage(hear);

  return {
    publish(event) {
      hub.publish(event);
      if (event.type === 'job') bus.tell({ kind: 'job', site, job: event.job });
      else if (event.type === 'settings') bus.tell({ kind: 'settings', site });
      else if (event.type === 'invoice') bus.tell({ kind: 'invoice', site, id: event.id });
    },
    invoice(summary) {
      hub.invoice(summary);
      bus.tell({ kind: 'invoice', site, id: summary.id });
    },
    cancelled: (root) => bus.tell({ kind: 'cancel', site, root }),
    touch: () => hub.touch(),
    stream: (reply) => hub.stream(reply),
    subscribe: (listener) => hub.subscribe(listener),
    get streams() {
      return hub.streams;
    },
    close() {
      leave();
      clearTimeout(gathering);
      hub.close();
    },
  };
}
