/** What every screen shares: where we are, the station's status, its jobs, the connection, messages to the person. */
import { createStore } from 'zustand/vanilla';
import type { Counters, StationEvent, StationStatus } from '../core/contract/http.ts';
import type { Settings } from '../core/contract/settings.ts';
import type { JobView } from '../core/contract/jobs.ts';
import type { Client, ConnectionState } from './api.ts';
import type { Route } from './route.ts';
import { createSettingsKeeper } from './settings/settings-keeper.ts';
import { setSelf } from './text.ts';

export interface Message {
  readonly id: number;
  readonly tone: 'info' | 'success' | 'error';
  readonly text: string;
  /** Id of an action of actions.ts offered beside the text. */
  readonly action?: string;
}

/** At most one dialog at a time; `reason` asks for a sentence before a transition. */
export type Overlay =
  | { readonly kind: 'none' | 'palette' | 'help' | 'export' }
  | { readonly kind: 'reason'; readonly to: string; readonly required: boolean };

export interface AppState {
  readonly route: Route;
  readonly connection: ConnectionState;
  readonly unauthorized: boolean;
  readonly status: StationStatus | null;
  readonly settings: Settings | null;
  readonly counters: Counters | null;
  /** Newest job of each invoice that is still at work. */
  readonly jobs: Readonly<Record<string, JobView>>;
  readonly messages: readonly Message[];
  /** Read out by screen readers; changes are politely announced. */
  readonly announcement: string;
  readonly overlay: Overlay;
}

export interface AppStore extends ReturnType<typeof createAppStore> {}

const LIVE: readonly JobView['state'][] = ['waiting', 'running'];

export function createAppStore(client: Client, route: Route) {
  const store = createStore<AppState>(() => ({
    route,
    connection: 'connecting',
    unauthorized: false,
    status: null,
    settings: null,
    counters: null,
    jobs: {},
    messages: [],
    announcement: '',
    overlay: { kind: 'none' },
  }));
  let nextMessage = 1;
  const settings = createSettingsKeeper(client, (shown) => store.setState({ settings: shown }));

  const actions = {
    async load(): Promise<void> {
      const [status, jobs] = await Promise.all([client.status({}), client.listJobs({}), settings.read()]);
      setSelf(status.actor);
      store.setState({
        status,
        counters: status.counters,
        unauthorized: false,
        jobs: Object.fromEntries(jobs.items.filter((j) => LIVE.includes(j.state)).map((j) => [j.root, j])),
      });
    },
    onEvent(event: StationEvent): void {
      if (event.type === 'counters') store.setState({ counters: event.counters });
      // Told, not taken: an event of an older change may come after the reply to a newer one.
      else if (event.type === 'settings') settings.read().catch(() => undefined);
      else if (event.type === 'job') store.setState((s) => ({ jobs: withJob(s.jobs, event.job) }));
    },
    /** Shown at once; rejects when the server refused it, and what the server has stands again. */
    changeSettings: (part: Partial<Settings>): Promise<void> => settings.change(part),
    say(text: string, tone: Message['tone'] = 'info', action?: string): void {
      const message: Message = { id: nextMessage++, tone, text, ...(action === undefined ? {} : { action }) };
      // One piece of news at a time; errors stay until they are dismissed, but never twice.
      const kept = store.getState().messages.filter((m) => m.tone === 'error' && m.text !== text);
      store.setState({ messages: [...kept.slice(-3), message], announcement: text });
    },
    dismiss(id: number): void {
      store.setState((s) => ({ messages: s.messages.filter((m) => m.id !== id) }));
    },
    announce(announcement: string): void {
      store.setState({ announcement });
    },
    open(overlay: Overlay): void {
      store.setState({ overlay });
    },
    close(): void {
      store.setState({ overlay: { kind: 'none' } });
    },
  };
  return { ...store, ...actions };
}

/** A finished job leaves the table; a row never shows progress of work that ended. */
export function withJob(jobs: AppState['jobs'], job: JobView): AppState['jobs'] {
  if (LIVE.includes(job.state)) return { ...jobs, [job.root]: job };
  if (jobs[job.root]?.id !== job.id) return jobs;
  const { [job.root]: _ended, ...rest } = jobs;
  return rest;
}
