import { useEffect, useState } from 'react';
import { useApp, useStation } from '../station.ts';
import { t } from '../text.ts';

export function AboutScreen() {
  const version = useApp((s) => s.status?.version);
  return (
    <div className="page-column about">
      <header className="page-head">
        <h1>{t('ui.app')}</h1>
      </header>
      <p>{t('ui.about.what')}</p>
      <p className="muted">
        {version === undefined ? '' : t('ui.about.version', { version })} {t('ui.about.license')}
      </p>
      <Notices />
    </div>
  );
}

/** Every package in the program with its licence; made by `npm run notices`, built in as a file. */
const NOTICES: string | undefined = Object.values(
  import.meta.glob<string>('../../THIRD_PARTY_NOTICES.md', { query: '?url&no-inline', import: 'default', eager: true }),
)[0];

function Notices() {
  const { client } = useStation();
  const [text, setText] = useState<string | null>(null);
  const [missing, setMissing] = useState(NOTICES === undefined);
  useEffect(() => {
    if (NOTICES === undefined) return;
    client.asset(NOTICES).then(
      (bytes) => setText(new TextDecoder().decode(bytes)),
      () => setMissing(true),
    );
  }, [client]);
  return (
    <section>
      <h2 id="notices">{t('ui.about.notices')}</h2>
      {missing ? <p className="muted">{t('ui.about.notices.missing')}</p> : null}
      {text === null ? null : (
        <pre className="notices" tabIndex={0} role="region" aria-labelledby="notices">
          {text}
        </pre>
      )}
    </section>
  );
}
