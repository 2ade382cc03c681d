import { useEffect, useReducer, useRef } from 'react';
import { notHere } from '../problem.ts';
import type { NotHere } from '../problem.ts';
import { useReview, useStation } from '../station.ts';
import { t } from '../text.ts';
import { ActionButton, Button } from '../ui/controls.tsx';
import { Mark } from '../ui/icons.tsx';
import { CompanyNote } from '../together/company.tsx';
import { useDocumentView } from '../viewer/document-view.ts';
import type { ViewState } from '../viewer/document-view.ts';
import { Thumbnails } from '../viewer/thumbnails.tsx';
import { Viewer, ViewerToolbar } from '../viewer/viewer.tsx';
import { useViewer } from '../station.ts';
import { cellAt, headerKey, infoOf, refOf } from './cells.ts';
import { RefusedNote, WaitsNote } from '../sync/waiting.tsx';
import { DocumentBar } from './document-bar.tsx';
import { DuplicateNote } from './duplicate-note.tsx';
import { Form } from './form.tsx';
import { HistoryPanel } from './history-panel.tsx';
import { locate } from './locate.ts';
import { isBlank, openCells } from './progress.ts';
import type { Doc } from './review-store.ts';
import { Split } from './split.tsx';
import { habitsOf } from '../../core/invoice/typed-value.ts';
import { ViewContext } from './view-context.ts';

export function ReviewScreen({ id }: { readonly id: string }) {
  const { review, viewer } = useStation();
  const doc = useReview((s) => s.docs[id]);
  const error = useReview((s) => (s.id === id ? s.error : null));
  const open = useReview((s) => s.id === id);
  useEffect(() => {
    viewer.reset();
    if (review.getState().id !== id || !review.current()) void review.open(id);
  }, [review, viewer, id]);
  const view = useDocumentView(open ? doc?.shown : undefined);
  useFirstFocus(open ? doc : undefined);
  useFocusRequests();
  usePrefetch(open && doc ? id : null);
  useLocate(open ? doc : undefined);
  usePreparedArea(open ? doc : undefined);

  if (error)
    return (
      <div className="state" role="alert">
        <Mark kind="error" />
        <h1>{t('ui.review.failed')}</h1>
        <p>{error.code === 'offline' ? t('ui.offline') : error.message}</p>
        <Button look="primary" onPress={() => review.retry()}>
          {t('ui.retry')}
        </Button>
      </div>
    );
  if (!doc || !open) return <Skeleton />;
  return (
    <ViewContext value={view.kind === 'ready' ? view.view : null}>
      <DocumentBar doc={doc} />
      <WaitsNote invoice={doc.id} />
      <RefusedNote invoice={doc.id} />
      <DuplicateNote invoice={doc.shown} />
      <CompanyNote invoice={doc.id} />
      <Split left={<PagePane doc={doc} state={view} />} right={<FormPane doc={doc} />} />
    </ViewContext>
  );
}

/** On its way from the site: everything else can be worked on meanwhile. */
function PageOnItsWay({ why, device }: NotHere) {
  return (
    <div className="viewer state" role="status">
      {why === 'wrong' ? <Mark kind="error" /> : <span className="spinner" aria-hidden="true" />}
      <h2>{t('ui.page.fetching')}</h2>
      <p className="muted">{t(`ui.page.fetching.${why}`, { device: device.slice(0, 8) })}</p>
    </div>
  );
}

function PagePane({ doc, state }: { readonly doc: Doc; readonly state: ViewState }) {
  const thumbnails = useViewer((s) => s.thumbnails);
  const away = state.kind === 'failed' ? notHere(state.error) : undefined;
  if (away !== undefined) return <PageOnItsWay {...away} />;
  if (state.kind === 'failed')
    return (
      <div className="viewer state" role="alert">
        <Mark kind="warning" />
        <h2>{t('ui.page.failed')}</h2>
        <p className="muted">{state.error instanceof Error ? state.error.message : ''}</p>
        <ActionButton id="review.download" icon="download" look="plain" labelled />
      </div>
    );
  if (state.kind === 'loading')
    return (
      <div className="viewer viewer-loading">
        <div className="skeleton skeleton-page" />
      </div>
    );
  return (
    <div className="viewer">
      <ViewerToolbar pages={state.view.sizes.length} />
      <div className="viewer-body">
        {thumbnails ? <Thumbnails view={state.view} invoice={doc.shown} /> : null}
        <Viewer key={doc.id} view={state.view} invoice={doc.shown} />
      </div>
    </div>
  );
}

function FormPane({ doc }: { readonly doc: Doc }) {
  const side = useReview((s) => s.side);
  return side === 'history' ? <HistoryPanel doc={doc} /> : <Form key={doc.id} doc={doc} />;
}

function Skeleton() {
  return (
    <div className="review-skeleton" aria-busy="true" aria-label={t('ui.loading')}>
      <div className="skeleton skeleton-page" />
      <div className="skeleton-form">
        {Array.from({ length: 9 }, (_, i) => (
          // oxlint-disable-next-line react/no-array-index-key
          <span key={i} className="skeleton" />
        ))}
      </div>
    </div>
  );
}

/** A document opens on the first cell that needs a human; a clean one on its confirmation. */
function useFirstFocus(doc: Doc | undefined): void {
  const { review } = useStation();
  const done = useRef<string | null>(null);
  useEffect(() => {
    if (!doc || done.current === doc.id) return;
    done.current = doc.id;
    if (review.getState().focus !== null) return;
    const first = openCells(doc.shown)[0] ?? (isBlank(doc.shown) ? headerKey(doc.shown, 'invoiceNumber') : undefined);
    if (first !== undefined) review.requestFocus(first);
    else document.getElementById('review-confirm')?.focus();
  }, [review, doc]);
}

/** The store says which cell; the element may have to appear first (a field that was hidden, a row just added). */
function useFocusRequests(): void {
  const { review } = useStation();
  const request = useReview((s) => s.focusRequest);
  useEffect(() => {
    const { focus } = review.getState();
    if (focus === null || request === 0) return;
    const find = () => document.querySelector<HTMLElement>(`[data-cell="${CSS.escape(focus)}"]`);
    const element = find();
    if (element) return moveTo(element);
    const frame = requestAnimationFrame(() => {
      const late = find();
      if (late) moveTo(late);
    });
    return () => cancelAnimationFrame(frame);
  }, [review, request]);
}

function moveTo(element: HTMLElement): void {
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: 'nearest' });
  if (element instanceof HTMLInputElement) element.select();
}

/** A value without a place is looked for among the words of the pages, so that the eye finds it there too. */
function useLocate(doc: Doc | undefined): void {
  const { review, documents } = useStation();
  const focus = useReview((s) => s.focus);
  const [loaded, more] = useReducer((n: number) => n + 1, 0);
  const invoice = doc?.shown;
  useEffect(() => {
    const cell = invoice && focus !== null ? cellAt(invoice, focus) : undefined;
    if (!invoice || focus === null || !cell || cell.box || cell.value === null)
      return review.setState({ located: null });
    const ref = refOf(focus);
    // After the frame that shows the focus.
    const timer = setTimeout(() => {
      const phrases = documents.phrases(invoice, more);
      const found = locate(
        phrases,
        { type: infoOf(ref).type, name: ref.field },
        cell.value!,
        habitsOf(invoice.reading?.language),
      );
      review.setState({ located: found ? { key: focus, page: found.page, box: found.box } : null });
    }, 30);
    return () => clearTimeout(timer);
  }, [review, documents, invoice, focus, loaded]);
}

/** For the page in view, where only OCR can read an area of it: the engine is ready before somebody draws. */
function usePreparedArea(doc: Doc | undefined): void {
  const { areas } = useStation();
  const page = useViewer((s) => s.page);
  const invoice = doc?.shown;
  const key = invoice && `${invoice.id} ${invoice.reading?.op ?? ''} ${page}`;
  useEffect(() => {
    if (!invoice) return;
    const timer = setTimeout(() => void areas.prepare(invoice, page).catch(() => undefined), 500);
    return () => clearTimeout(timer);
    // The key stands for what of the invoice matters here.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [areas, key]);
}

/** The next document of the queue is fetched while this one is looked at: its fields, its words, its first page. */
function usePrefetch(id: string | null): void {
  const { review, inbox, documents, together } = useStation();
  useEffect(() => {
    if (id === null) return;
    const timer = setTimeout(() => {
      void (async () => {
        const [next] = await inbox.following(id, 1, (row) => together.isLeftOut(row));
        if (!next) return;
        const { shown } = await review.prefetch(next.id);
        void documents.words(shown, 1).catch(() => undefined);
        if (shown.reading) await documents.source(shown);
      })().catch(() => undefined);
    }, 400);
    return () => clearTimeout(timer);
  }, [id, review, inbox, documents, together]);
}
