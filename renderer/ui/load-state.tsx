import type { Loaded } from './use-loaded.ts';
import { t } from '../text.ts';
import { Button } from './controls.tsx';
import { Mark } from './icons.tsx';

/** While there is nothing to show yet, and where there will be nothing. */
export function LoadState({ value, failed, reload }: Pick<Loaded<unknown>, 'value' | 'failed' | 'reload'>) {
  if (failed !== null)
    return (
      <div className="state" role="alert">
        <Mark kind="error" />
        <p>{failed}</p>
        <Button onPress={reload}>{t('ui.retry')}</Button>
      </div>
    );
  return value === null ? <div className="skeleton skeleton-block" aria-busy="true" /> : null;
}
