/** What every screen shares: where we are, the station's status, its jobs, the connection, messages to the person. */
import { createStore } from 'zustand/vanilla';
import type { Me } from '../core/contract/access.ts';
import type { Counters, StationEvent, StationStatus } from '../core/contract/http.ts';
import type { Settings } from '../core/contract/settings.ts';
import type { SyncView } from '../core/contract/station-sync-http.ts';
import type { JobView } from '../core/contract/jobs.ts';
import type { Client, ConnectionState } from './api.ts';
import type { Route } from './route.ts';
import { createSettingsKeeper } from './settings/settings-keeper.ts';
import type { Look } from './session/look.ts';
import { setNames, setPlace, setSelf } from './text.ts';

export interface Message {
  readonly id: number;
  readonly tone: 'info' | 'success' | 'error';
  readonly text: string;
  /** Id of an action of actions.ts offered beside the text. */
  readonly action?: string;
}

/** At most one dialog at a time; `reason` asks for a sentence before a transition. */
export type Overlay =
  | { readonly kind: 'none' | 'palette' | 'help' | 'export' | 'invite' | 'takeAlong' }
  | ({ readonly kind: 'confirm' } & Question)
  | { readonly kind: 'erase'; readonly invoice: string }
  | { readonly kind: 'reason'; readonly to: string; readonly required: boolean };

/** Asked before what cannot be taken back. */
export interface Question {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly run: () => void;
}

/** `ended`, `revoked`: the sign-in at a site does not hold any more; `other`: somebody else's is there. */
export type SessionState = 'open' | 'ended' | 'revoked' | 'other';

export interface AppState {
  readonly route: Route;
  readonly connection: ConnectionState;
  readonly unauthorized: boolean;
  readonly status: StationStatus | null;
  /** Who is signed in; null at a station. */
  readonly me: Me | null;
  readonly session: SessionState;
  /** Name of the person who is signed in instead. */
  readonly other: string;
  readonly look: Look;
  readonly settings: Settings | null;
  readonly counters: Counters | null;
  /** How a station stands with its site; null at a site, and before it is known. */
  readonly sync: SyncView | null;
  /** Newest job of each invoice that is still at work. */
  readonly jobs: Readonly<Record<string, JobView>>;
  readonly messages: readonly Message[];
  /** Read out by screen readers; changes are politely announced. */
  readonly announcement: string;
  readonly overlay: Overlay;
  /** Counts what happened to the connection to a site: whoever shows it asks again. */
  readonly linkTurns: number;
  /** Counts how often names were told: whoever shows them to somebody who only waits shows them anew. */
  readonly nameTurns: number;
}

export interface AppStore extends ReturnType<typeof createAppStore> {}

const LIVE: readonly JobView['state'][] = ['waiting', 'running'];

export function createAppStore(client: Client, route: Route) {
  const store = createStore<AppState>(() => ({
    route,
    connection: 'connecting',
    unauthorized: false,
    status: null,
    me: null,
    session: 'open',
    other: '',
    look: {},
    settings: null,
    counters: null,
    sync: null,
    jobs: {},
    messages: [],
    announcement: '',
    overlay: { kind: 'none' },
    linkTurns: 0,
    nameTurns: 0,
  }));
  let nextMessage = 1;
  /** What was told of jobs while a list of them is on its way: the list may be older. */
  const hearing = new Set<JobView[]>();
  const settings = createSettingsKeeper(client, (shown) => store.setState({ settings: shown }));

  /** Names beside what was done; without them it says that somebody did it. */
  const refreshNames = (): Promise<void> =>
    client.listNames({}).then(
      ({ items }) => {
        setNames(items);
        store.setState((s) => ({ nameTurns: s.nameTurns + 1 }));
      },
      () => undefined,
    );

  /** Told from then on by events; nobody waits for it. What an event told meanwhile is newer than the answer. */
  async function readSync(): Promise<void> {
    const before = store.getState().sync;
    const sync = await client.getSync({});
    if (store.getState().sync === before) store.setState({ sync });
    if (sync.state !== 'off') await refreshNames();
  }

  /** The server first says what it is: a station has nobody to ask for. */
  async function whoIsThere(): Promise<{ status: StationStatus; me: Me | null }> {
    const status = await client.status({});
    if (status.place === 'station') return { status, me: null };
    const [me] = await Promise.all([client.me({}), refreshNames()]);
    return { status, me };
  }

  /** A station that is connected anew may be another device from then on. */
  async function refreshSelf(): Promise<void> {
    const status = await client.status({});
    if (status.actor === store.getState().status?.actor) return;
    setSelf(status.actor);
    store.setState({ status });
  }

  /** Whatever events have told meanwhile is newer. */
  async function loaded(heard: readonly JobView[]): Promise<void> {
    const { me: before, counters: counted } = store.getState();
    const [{ status, me }, jobs] = await Promise.all([whoIsThere(), client.listJobs({}), settings.read()]);
    if (status.place === 'station') readSync().catch(() => undefined);
    if (me !== null && before !== null && me.account !== before.account)
      return store.setState({ session: 'other', other: me.name });
    setSelf(me === null ? status.actor : `user:${me.account}`);
    setPlace(status.place);
    const listed = Object.fromEntries(jobs.items.filter((j) => LIVE.includes(j.state)).map((j) => [j.root, j]));
    store.setState(({ counters }) => ({
      status,
      me,
      session: 'open',
      counters: counters === counted ? status.counters : counters,
      unauthorized: false,
      jobs: heard.reduce(withJob, listed),
    }));
  }

  const actions = {
    async load(): Promise<void> {
      const heard: JobView[] = [];
      hearing.add(heard);
      await loaded(heard).finally(() => hearing.delete(heard));
    },
    refreshNames,
    showSync(sync: SyncView): void {
      store.setState({ sync });
    },
    /** The role may have changed. */
    async refreshMe(): Promise<void> {
      const me = await client.me({});
      if (me.account === store.getState().me?.account) store.setState({ me });
    },
    onEvent(event: StationEvent): void {
      if (event.type === 'counters') store.setState({ counters: event.counters });
      else if (event.type === 'sync') {
        // Others have written: they may have names that were not known.
        if (event.sync.waiting.fetch > 0 || store.getState().sync?.heardAt == null) void refreshNames();
        store.setState({ sync: event.sync });
      }
      // Told, not taken: an event of an older change may come after the reply to a newer one.
      else if (event.type === 'settings') settings.read().catch(() => undefined);
      else if (event.type === 'siteLink') {
        store.setState((s) => ({ linkTurns: s.linkTurns + 1 }));
        refreshSelf().catch(() => undefined);
      } else if (event.type === 'job') {
        for (const heard of hearing) heard.push(event.job);
        store.setState((s) => ({ jobs: withJob(s.jobs, event.job) }));
      }
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
    ask(question: Question): void {
      store.setState({ overlay: { kind: 'confirm', ...question } });
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
function withJob(jobs: AppState['jobs'], job: JobView): AppState['jobs'] {
  if (LIVE.includes(job.state)) return { ...jobs, [job.root]: job };
  if (jobs[job.root]?.id !== job.id) return jobs;
  const { [job.root]: _ended, ...rest } = jobs;
  return rest;
}
