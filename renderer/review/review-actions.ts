import type { Action } from '../actions.ts';
import { OCR_LANGUAGES, type OcrLanguage } from '../../core/contract/settings.ts';
import { isTaken } from '../../core/together/advice.ts';
import { mayFollow } from '../../core/invoice/transitions.ts';
import type { InvoiceState } from '../../core/invoice/states.ts';
import { saveBlob } from '../inbox/choose-files.ts';
import type { Station } from '../station.ts';
import { problemText } from '../problem.ts';
import { isBlank, leftOf } from './progress.ts';
import type { Doc } from './review-store.ts';

const doc = ({ app, review }: Station) => (app.getState().route.screen === 'review' ? review.current() : undefined);
const may = (to: InvoiceState) => (station: Station) => {
  const open = doc(station);
  return open !== undefined && mayFollow(open.server.state, to);
};

/** Reasons are optional where only this person is concerned, required where somebody else will ask. */
const ask =
  (to: InvoiceState, required: boolean) =>
  ({ app }: Station) =>
    app.open({ kind: 'reason', to, required });

export const reviewActions: readonly Action[] = [
  {
    id: 'review.confirm',
    label: 'ui.action.confirm',
    group: 'document',
    keys: ['Ctrl+Enter'],
    when: 'anywhere',
    enabled: may('confirmed'),
    run: ({ control }) => void control.confirm(),
    once: true,
    needs: 'invoice.confirm',
  },
  {
    id: 'review.force',
    label: 'ui.action.force',
    group: 'document',
    keys: ['Ctrl+Shift+Enter'],
    when: 'anywhere',
    enabled: (s) => may('confirmed')(s) && !isBlank(doc(s)!.shown) && !isEmpty(leftOf(doc(s)!.shown)),
    run: ask('confirmed', true),
    needs: 'invoice.confirm',
  },
  {
    id: 'review.hold',
    label: 'ui.action.hold',
    group: 'document',
    keys: ['F8'],
    when: 'anywhere',
    enabled: may('on_hold'),
    run: ask('on_hold', false),
    needs: 'invoice.resolve',
  },
  {
    id: 'review.reject',
    label: 'ui.action.reject',
    group: 'document',
    keys: ['F9'],
    when: 'anywhere',
    enabled: may('rejected'),
    run: ask('rejected', true),
    needs: 'invoice.resolve',
  },
  {
    id: 'review.duplicate',
    label: 'ui.action.duplicate',
    group: 'document',
    keys: [],
    when: 'anywhere',
    enabled: may('duplicate'),
    run: ask('duplicate', false),
    needs: 'invoice.resolve',
  },
  {
    id: 'review.compare',
    label: 'ui.action.compareDuplicate',
    group: 'document',
    keys: [],
    when: 'anywhere',
    enabled: (s) => doc(s) !== undefined,
    run: ({ navigate, review }) => {
      const { id } = review.getState();
      if (id !== null) navigate({ screen: 'duplicates', id });
    },
  },
  {
    id: 'review.requestInfo',
    label: 'ui.action.requestInfo',
    group: 'document',
    keys: [],
    when: 'anywhere',
    enabled: may('info_requested'),
    run: ask('info_requested', false),
    needs: 'invoice.resolve',
  },
  {
    id: 'review.reopen',
    label: 'ui.action.reopen',
    group: 'document',
    keys: [],
    when: 'anywhere',
    enabled: may('received'),
    run: ({ control }) => void control.transition('received'),
    needs: 'invoice.resolve',
  },
  {
    id: 'review.takeOver',
    label: 'ui.action.takeOver',
    group: 'document',
    keys: ['Alt+T'],
    when: 'anywhere',
    enabled: (s) => {
      const open = doc(s);
      return open !== undefined && isTaken(s.together.getState().byInvoice.get(open.id));
    },
    run: ({ desks, app }) => {
      desks.takeOver().catch((error: unknown) => app.say(problemText(error), 'error'));
    },
    needs: 'invoice.correct',
  },
  {
    id: 'review.erase',
    label: 'ui.action.erase',
    group: 'document',
    keys: [],
    when: 'anywhere',
    enabled: (s) => doc(s) !== undefined,
    run: (s) => {
      const open = doc(s);
      if (open !== undefined) s.app.open({ kind: 'erase', invoice: open.id });
    },
    needs: 'data.erase',
  },
  {
    id: 'review.next',
    label: 'ui.action.nextDocument',
    group: 'document',
    keys: ['Ctrl+Alt+Right'],
    when: 'anywhere',
    enabled: ({ app }) => app.getState().route.screen === 'review',
    run: ({ control }) => void control.turnTo(1),
  },
  {
    id: 'review.previous',
    label: 'ui.action.previousDocument',
    group: 'document',
    keys: ['Ctrl+Alt+Left'],
    when: 'anywhere',
    enabled: ({ app }) => app.getState().route.screen === 'review',
    run: ({ control }) => void control.turnTo(-1),
  },
  {
    id: 'review.history',
    label: 'ui.action.history',
    group: 'document',
    keys: ['Alt+H'],
    when: 'anywhere',
    enabled: (s) => doc(s) !== undefined,
    run: ({ review }) => {
      const side = review.getState().side === 'history' ? 'form' : 'history';
      review.setState({ side });
      if (side === 'history') void review.loadHistory();
    },
  },
  {
    id: 'review.readAgain',
    label: 'ui.action.readAgain',
    group: 'document',
    keys: [],
    when: 'anywhere',
    enabled: (s) => doc(s)?.server.state === 'received',
    run: (station) => void readAgain(station),
    needs: 'invoice.reread',
  },
  ...OCR_LANGUAGES.map((code): Action => ({
    id: `review.readIn.${code}`,
    label: `ui.action.readIn.${code}`,
    group: 'document',
    keys: [],
    when: 'anywhere',
    enabled: (s) => doc(s)?.server.state === 'received' && wasRecognised(doc(s)),
    run: (station) => void readAgain(station, [code]),
    needs: 'invoice.reread',
  })),
  {
    id: 'review.download',
    label: 'ui.action.original',
    group: 'document',
    keys: [],
    when: 'anywhere',
    enabled: (s) => doc(s) !== undefined,
    run: (station) => void download(station),
  },
  {
    id: 'review.leave',
    label: 'ui.action.leave',
    group: 'document',
    keys: ['Esc'],
    when: 'anywhere',
    enabled: ({ app, review }) => {
      const { focus, drafts, suggest, why } = review.getState();
      const editing = focus !== null && drafts[focus] !== undefined;
      return app.getState().route.screen === 'review' && !editing && suggest === null && !why;
    },
    run: ({ navigate }) => {
      // From within a field the first Escape only steps out of it: one too many must not lose the place.
      const { activeElement } = document;
      if (activeElement instanceof HTMLElement && activeElement.dataset['cell'] !== undefined)
        document.getElementById('page-view')?.focus();
      else navigate({ screen: 'inbox' });
    },
  },
];

const isEmpty = (left: { fields: number; rules: number }): boolean => left.fields + left.rules === 0;

/** Text of a PDF is there in whatever language; pixels are recognised in one. */
const wasRecognised = (open: Doc | undefined): boolean =>
  open?.server.reading?.pages.some((page) => page.source === 'ocr') === true;

async function readAgain(station: Station, languages?: OcrLanguage[]): Promise<void> {
  const { review, client, app } = station;
  const open = review.current();
  if (!open) return;
  try {
    await client.reprocess({ params: { id: open.id }, body: languages === undefined ? {} : { languages } });
  } catch (error) {
    app.say(problemText(error), 'error');
  }
}

async function download({ review, client, app }: Station): Promise<void> {
  const open = review.current();
  if (!open) return;
  try {
    const { sha256, name } = open.shown.document;
    await saveBlob(name, await client.getDocument({ params: { sha: sha256 } }));
  } catch (error) {
    app.say(problemText(error), 'error');
  }
}
