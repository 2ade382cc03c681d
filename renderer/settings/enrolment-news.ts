/** How connecting to a site ended, said on whatever screen the person has come back to from the browser; the settings show it themselves. */
import type { Client } from '../api.ts';
import type { AppStore } from '../app-store.ts';
import { t } from '../text.ts';
import { addressName } from './site-address.ts';

export interface EnrolmentNewsDeps {
  readonly client: Pick<Client, 'getEnrolment' | 'cancelEnrolment'>;
  readonly app: Pick<AppStore, 'say'>;
  readonly areSettingsOpen: () => boolean;
}

/** To be called whenever the way to a site is another. */
export function createEnrolmentNews({ client, app, areSettingsOpen }: EnrolmentNewsDeps): () => Promise<void> {
  let said = '';
  return async () => {
    const { enrolment } = await client.getEnrolment({});
    if (enrolment === null || enrolment.id === said || !['done', 'failed'].includes(enrolment.step)) return;
    said = enrolment.id;
    if (areSettingsOpen()) return;
    const address = addressName(enrolment.address);
    const { failure } = enrolment;
    // Why, and the way out of it, stand in the settings until somebody has looked there.
    if (failure !== null)
      return app.say(t(`ui.link.failed.${failure.code}`, { address, ...failure.facts }), 'error', 'go.settings');
    app.say(t('ui.link.done', { address }), 'success');
    await client.cancelEnrolment({});
  };
}
