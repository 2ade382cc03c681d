/** Decisions that the site has not taken yet, and those that it did not take, where the invoice is. */
import type { RefusedChange } from '../../core/contract/station-sync-http.ts';
import { problemText } from '../problem.ts';
import { useApp, useReview, useStation } from '../station.ts';
import { t } from '../text.ts';
import { Button, Hint } from '../ui/controls.tsx';
import { Icon, Mark } from '../ui/icons.tsx';
import { changeText, refusalText } from './sync-words.ts';

const useWaits = (invoice: string): boolean => useApp((s) => s.sync?.undecided.invoices.includes(invoice) === true);

/** Beside the status in a list. */
export function WaitingMark({ invoice }: { readonly invoice: string }) {
  if (!useWaits(invoice)) return null;
  return (
    <span className="waiting-mark" title={t('ui.waiting.hint')}>
      <Icon name="upload" size={12} />
      <span className="visually-hidden">{t('ui.waiting')}</span>
    </span>
  );
}

/** Beside the status of the open invoice. */
export function WaitingTag({ invoice }: { readonly invoice: string }) {
  if (!useWaits(invoice)) return null;
  return (
    <Hint text={t('ui.waiting.hint')}>
      <Button look="quiet" className="waiting-tag">
        <Icon name="upload" size={12} /> {t('ui.waiting')}
      </Button>
    </Hint>
  );
}

/** A change that cannot be made before something has come: nothing of it is lost meanwhile. */
export function WaitsNote({ invoice }: { readonly invoice: string }) {
  const why = useReview((s) => (s.waits?.id === invoice ? s.waits.why : null));
  if (why === null) return null;
  return (
    <div className="settle-note" role="status">
      <p>
        <Mark kind="info" /> {why}
      </p>
    </div>
  );
}

const isOfDecision = ({ kind }: RefusedChange): boolean => kind === 'transition' || kind === 'duplicate.merge';

/** Above the open invoice, until somebody says that it was seen. */
export function RefusedNote({ invoice }: { readonly invoice: string }) {
  const { client, app } = useStation();
  const all = useApp((s) => s.sync?.refused);
  const mine = (all ?? []).filter((one) => one.invoice === invoice);
  if (mine.length === 0) return null;
  const seen = () => {
    client.sawRefused({ body: { ops: mine.map(({ op }) => op) } }).then(
      (next) => app.showSync(next),
      (error: unknown) => app.say(problemText(error), 'error'),
    );
  };
  // Both steps of a confirmation are refused for one reason: it is said once.
  const words = mine.map((one) =>
    isOfDecision(one)
      ? t('ui.waiting.refused', { why: refusalText(one.code) })
      : t('ui.waiting.refused.change', { what: changeText(one), why: refusalText(one.code) }),
  );
  return (
    <div className="settle-note refused-note" role="status">
      <p>
        <Mark kind="error" /> {[...new Set(words)].join(' ')}
      </p>
      <Button onPress={seen}>{t('ui.waiting.seen')}</Button>
    </div>
  );
}
