/** Puts the stores together and lets the station's events flow into them. */
import type { Client } from './api.ts';
import { createConflictsStore } from './conflicts/conflicts-store.ts';
import { whatText } from './conflicts/words.ts';
import { createDuplicatesStore } from './duplicates/duplicates-store.ts';
import { decidedText, movedText, nameOfSummary } from './duplicates/words.ts';
import { actorName, t } from './text.ts';
import { createAppStore } from './app-store.ts';
import { newId } from './ids.ts';
import { createInboxStore } from './inbox/inbox-store.ts';
import { createUploadStore } from './inbox/upload-store.ts';
import { createAreaStore } from './review/area-store.ts';
import { createReviewControl } from './review/control.ts';
import { keepDrafts } from './review/drafts.ts';
import { createReviewStore } from './review/review-store.ts';
import type { Invoice } from '../core/contract/invoice.ts';
import { problemText, waitsForReading } from './problem.ts';
import { parseRoute, routeHash } from './route.ts';
import type { Route } from './route.ts';
import type { Station } from './station.ts';
import { createEnrolmentNews } from './settings/enrolment-news.ts';
import { remoteNews } from './sync/sync-words.ts';
import { keepLook, readLook } from './session/look.ts';
import { createSession } from './session/session.ts';
import { createDeskKeeper } from './together/desk-keeper.ts';
import { createTogetherStore } from './together/together-store.ts';
import { createDocuments } from './viewer/documents.ts';
import { createViewerStore } from './viewer/viewer-store.ts';

const isInCard = (): boolean => document.activeElement?.closest('.settle-card') != null;
const now = (): number => performance.now();
const asTheServerSaid = (invoice: Invoice): Invoice => invoice;

export function createStation(client: Client): Station {
  const app = createAppStore(client, parseRoute(location.hash));
  app.setState({ look: readLook(localStorage) });
  const inbox = createInboxStore(client);
  const uploads = createUploadStore(client, newId);
  const viewer = createViewerStore();
  const documents = createDocuments(client);
  // The rules are a third of the program and are not needed for the first screen: until they are here the server's word stands.
  let judge = asTheServerSaid;
  void import('./review/judge.ts').then(({ createJudge }) => {
    judge = createJudge(() => app.getState().settings);
  });
  const review = createReviewStore({
    client,
    newId,
    now: () => new Date().toISOString(),
    actor: () => app.getState().status?.actor ?? '',
    judge: (invoice) => judge(invoice),
    onRefused: (message) => app.say(message, 'error'),
    onRemote: (before, after) => {
      const news = remoteNews(before, after, app.getState().status?.actor ?? '');
      if (news !== undefined) app.say(news);
    },
    wordsOf: problemText,
    waitsFor: waitsForReading,
    maySend: () => app.getState().session === 'open',
  });
  const navigate = (route: Route): void => {
    // The hash is the truth; `hashchange` moves the store. A repeated address makes no event.
    if (routeHash(route) === location.hash) app.setState({ route });
    else location.hash = routeHash(route);
  };
  const together = createTogetherStore({
    client,
    // Whose window this is: at a site a person's, at a station that of its database.
    self: () => {
      const { status, me } = app.getState();
      return me === null
        ? { actor: status?.actor ?? '', device: status?.device ?? null }
        : { actor: `user:${me.account}`, device: null };
    },
    now: () => new Date().toISOString(),
  });
  const desks = createDeskKeeper({ client, app, review, together, window: newId(), now: () => Date.now() });
  const control = createReviewControl({ app, inbox, review, together, desks, viewer, documents, newId, navigate });
  const session = createSession({
    client,
    app,
    review,
    places: {
      location,
      tab: sessionStorage,
      browser: localStorage,
      open: (url, name, features) => window.open(url, name, features),
      now: () => Date.now(),
    },
  });
  const isAt = (screen: Route['screen']): boolean => app.getState().route.screen === screen;
  const conflicts = createConflictsStore({
    client,
    newId,
    isOpen: () => isAt('conflicts'),
    isInCard,
    now,
    onStill: (row, actor) =>
      app.say(t('ui.conflicts.still', { what: whatText(row), actor: actorName(actor) }), 'error'),
    onSettled: (row, left) =>
      app.say(t('ui.conflicts.settled.next', { what: whatText(row), n: left }), 'success', 'conflict.undo'),
    onUnsettled: (row) => app.say(t('ui.conflicts.unsettled', { what: whatText(row) })),
    onFailed: (error) => app.say(problemText(error), 'error'),
  });
  const duplicates = createDuplicatesStore({
    client,
    newId,
    isOpen: () => isAt('duplicates'),
    isInCard,
    now,
    onDecided: (done) => app.say(decidedText(done), 'success', 'duplicate.undo'),
    onMoved: (done, since) => app.say(movedText(done, since), 'error', 'duplicate.undo'),
    onTakenBack: ({ invoice }) => app.say(t('ui.duplicates.did.back', { name: nameOfSummary(invoice) })),
    onFailed: (error) => app.say(problemText(error), 'error'),
  });
  const areas = createAreaStore({ client, app, review, viewer, documents, control });
  return {
    client,
    app,
    inbox,
    conflicts,
    duplicates,
    uploads,
    review,
    viewer,
    documents,
    control,
    areas,
    session,
    together,
    desks,
    navigate,
  };
}

/** Connects a station to its server and to the window; returns the way to take it apart again. */
export function startStation(station: Station): () => void {
  const { app, inbox, review, client, session, together, desks } = station;
  const onHash = () => {
    const route = parseRoute(location.hash);
    const before = app.getState().route;
    app.setState({ route, overlay: { kind: 'none' } });
    if (route.screen === 'inbox' && before.screen === 'review') inbox.stand(before.id);
  };
  addEventListener('hashchange', onHash);
  const stopDrafts = keepDrafts(review, sessionStorage);

  const load = async (): Promise<void> => {
    try {
      await app.load();
      session.arrived();
      const { status } = app.getState();
      // Beside the work: without it nobody else is seen.
      if (status !== null) void together.load(status.place).catch(() => undefined);
    } catch {
      // Said by the banners: refused by `onRefusal`, without an answer by the events below.
    }
  };
  const refresh = (): void =>
    void load().then(() => {
      if (app.getState().session !== 'open') return;
      events.retry();
      review.retry();
    });
  const stopSession = session.start(refresh);
  const stopDesks = desks.start(globalThis);
  const stopLook = app.subscribe(({ look }, before) => {
    if (look !== before.look) keepLook(localStorage, look);
  });
  void load();
  void inbox.reload();
  /** A filter by what needs somebody is not about rows alone: whoever is done leaves it. */
  const stopOnly = app.subscribe(({ counters, sync }, before) => {
    const { only } = inbox.getState().query;
    const isMoved =
      (only === 'conflict' && counters?.conflicts !== before.counters?.conflicts) ||
      (only === 'duplicate' && counters?.suspects !== before.counters?.suspects) ||
      (only === 'waiting' && sync?.undecided.n !== before.sync?.undecided.n);
    if (isMoved) void inbox.reload(inbox.getState().rows.length);
  });
  const news = createEnrolmentNews({
    client,
    app,
    areSettingsOpen: () => app.getState().route.screen === 'settings',
  });
  let wasOffline = false;
  const events = client.events(
    (event) => {
      const { sync: before } = app.getState();
      app.onEvent(event);
      if (event.type === 'siteLink') news().catch(() => undefined);
      // All invoices of the site at once: none of them was told of.
      if (event.type === 'sync' && before?.joining != null && event.sync.joining === null) void inbox.reload();
      if (event.type === 'together') together.onTogether(event.together);
      if (event.type === 'parcels') together.onParcels(event.parcels);
      if (event.type === 'sync')
        for (const { op, invoice } of event.sync.refused)
          if (before?.refused.some((one) => one.op === op) !== true) review.takenBack(invoice);
      if (event.type !== 'invoice') return;
      if (app.getState().sync?.refused.some(({ invoice }) => invoice === event.id) === true) review.takenBack(event.id);
      inbox.onSummary(event.summary);
      station.conflicts.onChanged();
      station.duplicates.onChanged();
      review.onRevision(event.id, event.revision);
    },
    (connection) => {
      // What came between the list and the first word of the events was told to nobody.
      if (app.getState().connection === 'connecting' && inbox.getState().phase === 'ready') void inbox.reload();
      app.setState({ connection });
      if (connection === 'offline') wasOffline = true;
      if (connection !== 'online' || !wasOffline) return;
      // Whatever happened while it was away was not told.
      wasOffline = false;
      void inbox.reload(inbox.getState().rows.length);
      station.conflicts.onChanged();
      station.duplicates.onChanged();
      refresh();
    },
  );
  const retry = () => {
    events.retry();
    review.retry();
    if (inbox.getState().error) void inbox.reload();
    if (app.getState().status === null) void load();
  };
  addEventListener('online', retry);
  addEventListener('ap:retry', retry);
  return () => {
    removeEventListener('hashchange', onHash);
    removeEventListener('online', retry);
    removeEventListener('ap:retry', retry);
    stopDrafts();
    stopSession();
    stopLook();
    stopOnly();
    stopDesks();
    events.stop();
  };
}
