/** Connecting, step by step: what the station does, and what the person has to do elsewhere. */
import { useEffect, useRef } from 'react';
import type { Enrolment } from '../../core/contract/site-link-http.ts';
import { desktop } from '../inbox/choose-files.ts';
import { instant, t } from '../text.ts';
import { Button } from '../ui/controls.tsx';
import { addressName } from './site-address.ts';

interface Props {
  readonly enrolment: Enrolment;
  readonly cancel: () => void;
}

export function EnrolmentProgress({ enrolment, cancel }: Props) {
  const { id, step, way, open, userCode, until } = enrolment;
  const address = addressName(enrolment.address);
  const opened = useRef('');
  useEffect(() => {
    // The window opens the system's browser at once; a page in a browser must not open others by itself.
    if (open === null || way !== 'browser' || !desktop || opened.current === id) return;
    opened.current = id;
    void desktop.openSignIn();
  }, [id, open, way]);
  return (
    <div className="link-progress" role="status" aria-live="polite">
      {step === 'looking' ? <p className="link-busy">{t('ui.link.looking')}</p> : null}
      {step === 'connecting' ? <p className="link-busy">{t('ui.link.connecting')}</p> : null}
      {step === 'signing-in' && open !== null && userCode === null ? (
        <>
          <p>{t('ui.link.browser.wait', { address })}</p>
          <Outside open={open} label={t(desktop ? 'ui.link.browser.again' : 'ui.link.browser.open')} />
        </>
      ) : null}
      {step === 'signing-in' && open !== null && userCode !== null ? <Code open={open} code={userCode} /> : null}
      {until === null ? null : <p className="muted">{t('ui.link.until', { time: instant(until, 'time') })}</p>}
      <p className="link-end">
        <Button onPress={cancel}>{t('ui.link.cancel')}</Button>
      </p>
    </div>
  );
}

/** The address without the code in it: that is what somebody types on a telephone. */
function Code({ open, code }: { readonly open: string; readonly code: string }) {
  const page = new URL(open);
  return (
    <>
      <p>{t('ui.link.code.say')}</p>
      <dl className="link-code">
        <div>
          <dt>{t('ui.link.code.page')}</dt>
          <dd>{`${page.origin}${page.pathname}`}</dd>
        </div>
        <div>
          <dt>{t('ui.link.code.code')}</dt>
          <dd className="link-user-code">{code}</dd>
        </div>
      </dl>
      <p>{t('ui.link.code.compare')}</p>
      <Outside open={open} label={t('ui.link.code.open')} plain />
    </>
  );
}

/** A page in the system's browser. The window asks its own server for the address; nothing that stands in a page is ever opened by it. */
function Outside({ open, label, plain }: { readonly open: string; readonly label: string; readonly plain?: boolean }) {
  const look = plain === true ? 'plain' : 'primary';
  return (
    <p>
      {desktop ? (
        <Button look={look} onPress={() => void desktop?.openSignIn()}>
          {label}
        </Button>
      ) : (
        <a className={`button button-${look}`} href={open} target="_blank" rel="noopener noreferrer">
          {label}
        </a>
      )}
    </p>
  );
}
