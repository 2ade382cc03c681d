import type { JobView } from '../../core/contract/jobs.ts';
import { useStation } from '../station.ts';
import { lookupStage, t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Icon } from '../ui/icons.tsx';

/** Page n of m while a document is read, and the way to stop it. */
export function ReadingProgress({ invoice, job }: { readonly invoice: string; readonly job: JobView }) {
  const { client, app } = useStation();
  const stop = async () => {
    try {
      await client.cancelReading({ params: { id: invoice }, body: {} });
    } catch (error) {
      app.say(error instanceof Error ? error.message : String(error), 'error');
    }
  };
  const stage = job.state === 'waiting' ? t('ui.reading.waiting') : lookupStage(job.stage);
  return (
    <span className="reading-progress">
      <progress max={1} value={job.progress} aria-label={t('status.reading')} />
      <span className="reading-stage ellipsis">{stage}</span>
      <Button
        look="quiet"
        className="button-icon button-tiny"
        aria-label={t('ui.reading.cancel')}
        excludeFromTabOrder
        onPress={() => {
          void stop();
        }}
      >
        <Icon name="cross" size={10} />
      </Button>
    </span>
  );
}
