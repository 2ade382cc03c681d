import type { Question } from '../app-store.ts';
import { useStation } from '../station.ts';
import { t } from '../text.ts';
import { Button } from './controls.tsx';
import { Dialog } from './dialog.tsx';

/** Before what cannot be taken back. The button says what it does; Enter alone does not do it, the focus is on "Cancel". */
export function ConfirmDialog({ question }: { readonly question: Question }) {
  const { app } = useStation();
  return (
    <Dialog
      title={question.title}
      size="small"
      alert
      onClose={() => app.close()}
      footer={
        <>
          <Button autoFocus onPress={() => app.close()}>
            {t('ui.cancel')}
          </Button>
          <Button
            look="danger"
            onPress={() => {
              app.close();
              question.run();
            }}
          >
            {question.yes}
          </Button>
        </>
      }
    >
      <p>{question.text}</p>
    </Dialog>
  );
}
