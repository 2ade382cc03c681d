/** Where to connect to, under which name, and by which of the two ways; and why it did not work the last time. */
import { useEffect, useId, useState } from 'react';
import type { Enrolment } from '../../core/contract/site-link-http.ts';
import { t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { Mark } from '../ui/icons.tsx';
import { Row } from './controls.tsx';

interface Props {
  readonly address: string;
  readonly name: string;
  readonly failure: Enrolment['failure'];
  readonly start: (wish: { address: string; way: Enrolment['way']; deviceName: string }) => void;
  /** The station knows its site: what is left is to sign in. */
  readonly again?: 'ui.link.again' | 'ui.link.anew';
}

export function EnrolmentForm({ address: known, name: suggested, failure, start, again }: Props) {
  const id = useId();
  const [address, setAddress] = useState(known);
  const [deviceName, setName] = useState(suggested);
  useEffect(() => setAddress(known), [known]);
  const go = (way: Enrolment['way']) => start({ address: address.trim(), way, deviceName });
  const ready = address.trim() !== '';
  return (
    <form
      className="link-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) go('browser');
      }}
    >
      {failure === null ? null : <Failure failure={failure} address={known} />}
      {again === undefined ? (
        <>
          <Row label={t('ui.link.address')} hint={t('ui.link.address.hint')} htmlFor={`${id}-address`}>
            <input
              id={`${id}-address`}
              className="input"
              value={address}
              maxLength={300}
              inputMode="url"
              autoCapitalize="none"
              autoCorrect="off"
              spellCheck={false}
              aria-describedby={`${id}-address-hint`}
              onChange={(event) => setAddress(event.target.value)}
            />
          </Row>
          <Row label={t('ui.link.name')} hint={t('ui.link.name.hint')} htmlFor={`${id}-name`}>
            <input
              id={`${id}-name`}
              className="input"
              value={deviceName}
              maxLength={200}
              aria-describedby={`${id}-name-hint`}
              onChange={(event) => setName(event.target.value)}
            />
          </Row>
        </>
      ) : null}
      <div className="setting">
        <span>{again === undefined ? null : t(again)}</span>
        <div className="setting-control with-button">
          <Button type="submit" look="primary" isDisabled={!ready}>
            {t('ui.link.browser')}
          </Button>
          <Button isDisabled={!ready} onPress={() => go('code')}>
            {t('ui.link.code')}
          </Button>
        </div>
        <p className="setting-hint">{t('ui.link.ways.hint')}</p>
      </div>
    </form>
  );
}

function Failure({
  failure,
  address,
}: {
  readonly failure: NonNullable<Enrolment['failure']>;
  readonly address: string;
}) {
  const { code, detail, facts } = failure;
  return (
    <div className="link-trouble link-failed" role="alert">
      <Mark kind="error" />
      <div>
        <strong>{t(`ui.link.failed.${code}`, { address, ...facts })}</strong>
        <p>{t(`ui.link.failed.${code}.do`, { address, ...facts })}</p>
        {detail === '' ? null : <p className="link-detail">{detail}</p>}
      </div>
    </div>
  );
}
